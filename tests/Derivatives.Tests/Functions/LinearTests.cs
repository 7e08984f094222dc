using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>x Wᵀ + b and its derivatives are libtorch's.</summary>
public sealed class LinearTests
{
    [Theory]
    [InlineData(new long[] { 5, 3 })]
    [InlineData(new long[] { 2, 5, 3 })]
    [InlineData(new long[] { 2, 1, 4, 3 })]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { 0, 3 })]
    [InlineData(new long[] { 0, 2, 3 })]
    public void Derivatives_are_libtorchs(long[] shape)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            for (int trained = 1; trained < 8; trained++)
            {
                Tensor x = Values.Of(shape, 1, type).requires_grad_((trained & 1) != 0),
                    w = Values.Of([4, 3], 2, type).requires_grad_((trained & 2) != 0),
                    b = Values.Of([4], 3, type).requires_grad_((trained & 4) != 0);
                AssertDerivatives.Same(Own, Reference, x, w, b);
                if (trained < 4)
                {
                    AssertDerivatives.Same(Own, Reference, x, w);
                }
            }
        }
    }

    [Fact]
    public void Derivatives_agree_with_differences()
    {
        using var scope = NewDisposeScope();
        AssertDerivatives.AgreeWithDifferences(
            Own,
            Values.Of([5, 3], 1).requires_grad_(),
            Values.Of([4, 3], 2).requires_grad_(),
            Values.Of([4], 3).requires_grad_()
        );
    }

    [Fact]
    public void Tensors_need_not_be_contiguous()
    {
        using var scope = NewDisposeScope();
        Tensor x = Values.Of([3, 5], 1).t().detach().requires_grad_(),
            w = Values.Of([3, 4], 2).t().detach().requires_grad_();
        AssertDerivatives.Same(Own, Reference, x, w);
    }

    [Fact]
    public void Types_that_differ_are_libtorchs_error()
    {
        using var scope = NewDisposeScope();
        Tensor x = Values.Of([5, 3], 1),
            w = Values.Of([4, 3], 2, ScalarType.Float32).requires_grad_();
        Assert.ThrowsAny<Exception>(() => Linear.Apply(x, w, null));
    }

    private static Tensor Own(Tensor[] t) => Linear.Apply(t[0], t[1], t.ElementAtOrDefault(2));

    private static Tensor Reference(Tensor[] t) => nn.functional.linear(t[0], t[1], t.ElementAtOrDefault(2));
}
