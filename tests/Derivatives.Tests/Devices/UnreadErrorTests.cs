using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Functions.Aten;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>An error that a call left unread is not reported as that of the next one.</summary>
public sealed class UnreadErrorTests
{
    [Fact]
    public void A_vector_is_filled_after_a_call_that_failed_without_anybody_asking()
    {
        using var vector = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
        TorchScriptExports.Compile("def f(: this is no function\n");
        vector.FillNormal(1);
        TorchScriptExports.Compile("def f(: this is no function\n");
        vector.FillRademacher(1);
        Assert.Equal(Math.Sqrt(3), vector.Norm());
    }
}
