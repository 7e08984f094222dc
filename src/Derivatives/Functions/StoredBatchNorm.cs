using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// Batch norm with stored statistics: y = (x − μ)∘d∘w + b with d = (σ² + ε)^−½, an affine map a channel. libtorch's own
/// double backward for it computes a dozen tensors of the size of x; this one three at most.
/// </summary>
internal sealed class StoredBatchNorm : Node
{
    private readonly StoredStatistics _statistics;

    private StoredBatchNorm(StoredStatistics statistics, Wanted wanted)
        : base(wanted) => _statistics = statistics;

    /// <summary>As <c>aten::batch_norm</c> in evaluation mode.</summary>
    /// <param name="input">x [N, C, …].</param>
    /// <param name="weight">w [C]; null for ones.</param>
    /// <param name="bias">b [C]; null for zeros.</param>
    /// <param name="mean">μ [C], a constant.</param>
    /// <param name="variance">σ² [C], a constant.</param>
    /// <param name="epsilon">ε.</param>
    internal static Tensor Apply(
        Tensor input,
        Tensor? weight,
        Tensor? bias,
        Tensor mean,
        Tensor variance,
        double epsilon
    )
    {
        var statistics = StoredStatistics.Of(epsilon);
        var wanted = Wanted.Of(input, weight, bias);
        if (!wanted.Any || Wanted.Of(mean, variance).Any || !IsPlain(input, weight, bias, mean))
        {
            return statistics.Forward(input, weight, bias, mean, variance);
        }

        Tensor output;
        using (Recording.Pause())
        {
            output = statistics.Forward(input, weight, bias, mean, variance);
        }

        new StoredBatchNorm(statistics, wanted).Attach(
            [input, weight, bias],
            [output],
            [input, weight ?? ones_like(mean), mean, variance]
        );
        return output;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results)
    {
        if (gradients[0] is { } gradient)
        {
            var parts = StoredBatchNormBackward.Apply(
                gradient,
                [Saved(0), Saved(1), Saved(2), Saved(3)],
                _statistics,
                wanted
            );
            wanted.Place(parts, results);
        }
    }

    // Statistics of another type than the images', as mixed precision has them, are left to libtorch.
    private static bool IsPlain(Tensor input, Tensor? weight, Tensor? bias, Tensor mean) =>
        input.dim() >= 2
        && mean.dtype == input.dtype
        && (weight is null || weight.dtype == input.dtype)
        && (bias is null || bias.dtype == input.dtype);
}
