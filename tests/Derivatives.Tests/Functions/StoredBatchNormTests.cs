using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>Batch norm with stored statistics and its derivatives are libtorch's.</summary>
public sealed class StoredBatchNormTests
{
    [Theory]
    [InlineData(new long[] { 4, 3 })]
    [InlineData(new long[] { 4, 3, 5 })]
    [InlineData(new long[] { 2, 3, 5, 4 })]
    [InlineData(new long[] { 2, 3, 2, 3, 2 })]
    public void Derivatives_are_libtorchs(long[] shape)
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            using var scope = NewDisposeScope();
            Tensor mean = Values.Of([3], 4, type),
                variance = Values.Of([3], 5, type).square() + 0.1;
            for (int trained = 1; trained < 8; trained++)
            {
                var inputs = Inputs(shape, type, trained);
                AssertDerivatives.Same(t => Own(t, mean, variance), t => Reference(t, mean, variance), inputs);
            }
        }
    }

    [Fact]
    public void A_layer_may_lack_weight_and_bias()
    {
        using var scope = NewDisposeScope();
        Tensor mean = Values.Of([3], 4),
            variance = Values.Of([3], 5).square() + 0.1;
        var x = Values.Of([2, 3, 5, 4], 1).requires_grad_();
        AssertDerivatives.Same(t => Own(t, mean, variance), t => Reference(t, mean, variance), x);
        AssertDerivatives.Same(
            t => Own(t, mean, variance),
            t => Reference(t, mean, variance),
            x.permute(0, 1, 3, 2).detach().requires_grad_(),
            Values.Of([3], 2).requires_grad_()
        );
    }

    [Fact]
    public void Derivatives_agree_with_differences()
    {
        using var scope = NewDisposeScope();
        Tensor mean = Values.Of([3], 4),
            variance = Values.Of([3], 5).square() + 0.1;
        AssertDerivatives.AgreeWithDifferences(
            t => Own(t, mean, variance),
            Inputs([2, 3, 5, 4], ScalarType.Float64, 7)
        );
    }

    [Fact]
    public void The_batchs_own_statistics_give_mean_0_and_variance_1()
    {
        using var scope = NewDisposeScope();
        var x = Values.Of([6, 3, 5, 4], 1).requires_grad_();
        var y = BatchNorm.Apply(x, null, null, 0);
        AssertDerivatives.Close("mean", y.mean([0L, 2L, 3L]), zeros(3, ScalarType.Float64), 1e-12);
        AssertDerivatives.Close("variance", y.square().mean([0L, 2L, 3L]), ones(3, ScalarType.Float64), 1e-12);
        AssertDerivatives.AgreeWithDifferences(
            t => BatchNorm.Apply(t[0], t[1], t[2], 1e-5),
            Inputs([6, 3, 5, 4], ScalarType.Float64, 7)
        );
    }

    private static Tensor[] Inputs(long[] shape, ScalarType type, int trained) =>
        [
            Values.Of(shape, 1, type).requires_grad_((trained & 1) != 0),
            Values.Of([3], 2, type).requires_grad_((trained & 2) != 0),
            Values.Of([3], 3, type).requires_grad_((trained & 4) != 0),
        ];

    private static Tensor Own(Tensor[] t, Tensor mean, Tensor variance) =>
        StoredBatchNorm.Apply(t[0], t.ElementAtOrDefault(1), t.ElementAtOrDefault(2), mean, variance, 1e-5);

    private static Tensor Reference(Tensor[] t, Tensor mean, Tensor variance) =>
        nn.functional.batch_norm(
            t[0],
            mean,
            variance,
            t.ElementAtOrDefault(1),
            t.ElementAtOrDefault(2),
            training: false,
            eps: 1e-5
        );
}
