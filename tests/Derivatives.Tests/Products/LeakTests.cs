using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>The counters are the process's, so these tests must not run beside others.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
[Collection(nameof(LeakTests))]
public sealed class LeakTests
{
    [Fact]
    public void A_thousand_linearizations_leave_no_object_and_no_byte()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 4);
        using var theta = TinyModels.Theta(model, 5);
        NativeUse.Measure(objective, theta);
        var objects = TorchRuntime.LiveObjectsByKind;
        using var memory = new MemoryScope();
        for (int i = 0; i < 1000; i++)
        {
            NativeUse.Measure(objective, theta);
        }

        Assert.Equal(objects, TorchRuntime.LiveObjectsByKind);
        Assert.Equal(0, memory.Net);
    }
}
