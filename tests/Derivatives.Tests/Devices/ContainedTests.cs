using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>Errors of libtorch's compiler, which TorchSharp does not catch, leave the process usable.</summary>
public sealed class ContainedTests
{
    [Fact]
    public void A_function_that_does_not_compile_is_an_exception_and_the_next_one_compiles()
    {
        for (int i = 0; i < 3; i++)
        {
            var refused = Assert.Throws<DerivativeException>(() =>
                Contained.Run(() => jit.compile("def f(x: Tensor):\n    return torch.no_such(x)\n"), "no such")
            );
            Assert.Equal("no such", refused.Message);
        }

        using var unit = Contained.Run(() => jit.compile("def f(x: Tensor):\n    return torch.neg(x)\n"), "no such");
        using var one = ones(1);
        using var negative = (Tensor)unit.invoke("f", one);
        Assert.Equal(-1, negative.item<float>());
    }

    [Fact]
    public void Other_exceptions_are_the_callers()
    {
        Assert.Throws<InvalidTimeZoneException>(() =>
            Contained.Run<int>(() => throw new InvalidTimeZoneException(), "not this")
        );
    }
}
