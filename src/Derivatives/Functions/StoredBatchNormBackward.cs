using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>(∂y, x, w) ↦ the wanted ones of (∂x, ∂w, ∂b) = (∂y∘d∘w, Σ ∂y∘(x − μ)∘d, Σ ∂y).</summary>
internal sealed class StoredBatchNormBackward : Node
{
    private readonly StoredStatistics _statistics;
    private readonly Wanted _parts;

    private StoredBatchNormBackward(StoredStatistics statistics, Wanted parts, Wanted wanted)
        : base(wanted) => (_statistics, _parts) = (statistics, parts);

    /// <inheritdoc/>
    private protected override bool IsBackward => true;

    /// <summary>Those of (∂x, ∂w, ∂b) that <paramref name="parts"/> names, in order.</summary>
    /// <param name="gradient">∂y.</param>
    /// <param name="given">x, w, μ, σ².</param>
    /// <param name="statistics">The functions.</param>
    /// <param name="parts">The derivatives that are wanted.</param>
    internal static Tensor[] Apply(Tensor gradient, Tensor[] given, StoredStatistics statistics, Wanted parts)
    {
        var wanted = Wanted.Of(gradient, given[0], given[1]);
        Tensor[] outputs;
        using (Recording.Pause())
        {
            outputs = statistics.Backward(gradient, given[0], given[1], given[2], given[3], parts)!;
        }

        if (wanted.Any)
        {
            new StoredBatchNormBackward(statistics, parts, wanted).Attach(
                [gradient, given[0], given[1]],
                outputs,
                [gradient, .. given]
            );
        }

        return outputs;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results)
    {
        var (u, a, b) = _parts.InPlaces(gradients);
        if (u is null && a is null && b is null)
        {
            return;
        }

        Tensor gradient = Saved(0),
            x = Saved(1),
            weight = Saved(2),
            mean = Saved(3),
            variance = Saved(4);
        if (wanted[0])
        {
            results[0] = ToGradient();
        }

        if (wanted[1] && a is not null)
        {
            results[1] = gradient * TensorLists.OverChannels(_statistics.Scale(a, variance), gradient);
        }

        if (wanted[2] && u is not null)
        {
            // Σ u∘∂y∘d is the derivative for w of images u whose mean is 0.
            results[2] = _statistics.Backward(gradient, u, weight, zeros_like(mean), variance, new(2))[0];
        }

        // u∘d∘w + (x − μ)∘d∘a + b.
        Tensor ToGradient()
        {
            var product = a is null ? null : _statistics.Forward(x, a, b, mean, variance);
            if (u is null)
            {
                return product ?? TensorLists.OverChannels(b!, gradient).expand_as(gradient).contiguous();
            }

            if (product is null)
            {
                return _statistics.Forward(u, weight, b, zeros_like(mean), variance);
            }

            return product.IncreaseByProduct(u, TensorLists.OverChannels(_statistics.Scale(weight, variance), u));
        }
    }
}
