using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>Max pools and their derivatives are libtorch's.</summary>
public sealed class MaxPoolTests
{
    [Theory]
    [InlineData(new long[] { 2, 2 }, new long[] { 2, 2 }, new long[] { 0, 0 }, new long[] { 1, 1 }, false)]
    [InlineData(new long[] { 2, 2 }, new long[] { }, new long[] { 0, 0 }, new long[] { 1, 1 }, false)]
    [InlineData(new long[] { 3, 2 }, new long[] { 2, 1 }, new long[] { 1, 0 }, new long[] { 1, 2 }, false)]
    [InlineData(new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 1, 1 }, new long[] { 1, 1 }, true)]
    [InlineData(new long[] { 3 }, new long[] { 1 }, new long[] { 1 }, new long[] { 2 }, true)]
    public void Derivatives_are_libtorchs(long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceiling)
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            using var scope = NewDisposeScope();
            var x = Values.Of([2, 3, 9, 8], 1, type).requires_grad_();
            AssertDerivatives.Same(Own, Reference, x);
            AssertDerivatives.Same(Own, Reference, x.transpose(2, 3).detach().requires_grad_());
            AssertDerivatives.Same(Own, Reference, x.select(0, 1).detach().requires_grad_());
        }

        Tensor Own(Tensor[] t) => MaxPool.Apply(t[0], kernel, stride, padding, dilation, ceiling);
        Tensor Reference(Tensor[] t) =>
            nn.functional.max_pool2d(
                t[0],
                Both(kernel),
                Both(stride.Length == 0 ? kernel : stride),
                Both(padding),
                Both(dilation),
                ceiling
            );
        static long[] Both(long[] values) => values.Length == 2 ? values : [values[0], values[0]];
    }

    [Fact]
    public void Derivatives_agree_with_differences()
    {
        using var scope = NewDisposeScope();
        AssertDerivatives.AgreeWithDifferences(
            t => MaxPool.Apply(t[0], [3, 2], [2, 1], [1, 0], [1, 2], true),
            Values.Of([2, 3, 9, 8], 1).requires_grad_()
        );
    }

    [Fact]
    public void The_first_of_equal_values_takes_the_gradient()
    {
        using var scope = NewDisposeScope();
        var x = ones([1, 1, 2, 2]).requires_grad_();
        var y = MaxPool.Apply(x, [2, 2], [2, 2], [0, 0], [1, 1], false);
        var gradient = SafeGradients.Of([y], [x], [ones_like(y)])[0]!;
        Assert.Equal([1f, 0f, 0f, 0f], gradient.data<float>().ToArray());
    }
}
