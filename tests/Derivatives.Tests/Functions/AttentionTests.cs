using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>Attention is libtorch's, and has its second derivatives.</summary>
public sealed class AttentionTests
{
    [Fact]
    public void Derivatives_are_libtorchs()
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            using var scope = NewDisposeScope();
            var added = Values.Of([5, 6], 4, type);
            var chosen = Values.Of([2, 1, 5, 6], 5, type) > 0;
            chosen[TensorIndex.Colon, TensorIndex.Colon, 1] = false;
            foreach (
                var (mask, causal) in new[] { (null, false), (null, true), ((Tensor?)added, false), (chosen, false) }
            )
            {
                AssertDerivatives.Same(
                    t => Attention.Apply(t[0], t[1], t[2], mask, causal),
                    t => nn.functional.scaled_dot_product_attention(t[0], t[1], t[2], mask, 0, causal),
                    Inputs(type)
                );
            }
        }
    }

    [Fact]
    public void Derivatives_agree_with_differences()
    {
        using var scope = NewDisposeScope();
        AssertDerivatives.AgreeWithDifferences(
            t => Attention.Apply(t[0], t[1], t[2], null, true, scale: 0.3),
            Inputs(ScalarType.Float64)
        );
    }

    [Fact]
    public void Heads_of_keys_and_values_may_serve_several_queries()
    {
        using var scope = NewDisposeScope();
        Tensor q = Values.Of([2, 6, 5, 4], 1),
            k = Values.Of([2, 2, 7, 4], 2),
            v = Values.Of([2, 3, 7, 3], 3);
        var grouped = Attention.Apply(q, k, v, null, false, enableGqa: true);
        for (int head = 0; head < 6; head++)
        {
            var alone = Attention.Apply(q.select(1, head), k.select(1, head / 3), v.select(1, head / 2), null, false);
            AssertDerivatives.Close($"head {head}", grouped.select(1, head), alone, 1e-13);
        }
    }

    [Fact]
    public void The_scale_multiplies_the_scores()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(ScalarType.Float64);
        AssertDerivatives.Close(
            "scale",
            Attention.Apply(inputs[0], inputs[1], inputs[2], null, false, scale: 2),
            Attention.Apply(inputs[0] * 4, inputs[1], inputs[2], null, false),
            1e-13
        );
    }

    [Fact]
    public void A_mask_beside_causal_is_refused()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(ScalarType.Float64);
        var thrown = Assert.Throws<DerivativeException>(() =>
            Attention.Apply(inputs[0], inputs[1], inputs[2], zeros(5, 6), true)
        );
        Assert.Equal(DerivativeErrorKind.InvalidArgument, thrown.Kind);
    }

    private static Tensor[] Inputs(ScalarType type) =>
        [
            Values.Of([2, 3, 5, 4], 1, type).requires_grad_(),
            Values.Of([2, 3, 6, 4], 2, type).requires_grad_(),
            Values.Of([2, 3, 6, 3], 3, type).requires_grad_(),
        ];
}
