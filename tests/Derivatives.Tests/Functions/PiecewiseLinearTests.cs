using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>The ReLU family and its derivatives are libtorch's.</summary>
public sealed class PiecewiseLinearTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Own, Func<Tensor, Tensor> Reference)> Functions =
        new()
        {
            ["relu"] = (Relu.Apply, x => x.relu()),
            ["leaky_relu"] = (x => LeakyRelu.Apply(x, 0.1), x => nn.functional.leaky_relu(x, 0.1)),
            ["leaky_relu falling"] = (x => LeakyRelu.Apply(x, -0.5), x => nn.functional.leaky_relu(x, -0.5)),
            ["relu6"] = (x => HardTanh.Apply(x, 0, 6), x => nn.functional.relu6(x)),
            ["hardtanh"] = (x => HardTanh.Apply(x, -1, 0.5), x => nn.functional.relu6((x + 1) * 4) / 4 - 1),
            ["threshold"] = (x => Threshold.Apply(x, 0.25, -3), x => nn.functional.threshold(x, 0.25, -3)),
        };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_are_libtorchs(string name)
    {
        var (own, reference) = Functions[name];
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            using var scope = NewDisposeScope();
            var x = (Values.Of([4, 5, 3], 1, type) * 4).requires_grad_();
            AssertDerivatives.Same(t => own(t[0]), t => reference(t[0]), x);
            AssertDerivatives.Same(t => own(t[0]), t => reference(t[0]), x.permute(2, 0, 1).detach().requires_grad_());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_agree_with_differences(string name)
    {
        using var scope = NewDisposeScope();
        AssertDerivatives.AgreeWithDifferences(t => Functions[name].Own(t[0]), Values.Of([60], 1).requires_grad_());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void At_a_kink_the_derivative_is_libtorchs(string name)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0.0, -1, 0.5, 6, 0.25, double.PositiveInfinity, double.NaN }).requires_grad_();
        Tensor[] gradients =
        [
            .. new[] { Functions[name].Own(x), Functions[name].Reference(x) }.Select(y =>
                SafeGradients.Of([y], [x], [ones_like(y)])[0]!
            ),
        ];
        Assert.Equal(gradients[1].data<double>().ToArray(), gradients[0].data<double>().ToArray());
    }

    [Fact]
    public void Integers_have_a_relu_without_a_gradient()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0L, 2L], Relu.Apply(tensor(new[] { -1L, 2L })).data<long>().ToArray());
    }
}
