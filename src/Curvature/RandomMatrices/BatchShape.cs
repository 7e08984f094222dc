namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>A batch of B samples out of a training set of N.</summary>
/// <param name="Size">B, at least 1 and at most N.</param>
/// <param name="TrainingSamples">N; null for unknown or endless, which counts as infinite.</param>
public sealed record BatchShape(long Size, long? TrainingSamples = null)
{
    /// <summary>B.</summary>
    public long Size { get; } =
        Size >= 1 && !(Size > TrainingSamples)
            ? Size
            : throw new ArgumentOutOfRangeException(
                nameof(Size),
                Size,
                $"a batch has at least one sample and no more than the training set ({TrainingSamples})"
            );

    /// <summary>N.</summary>
    public long? TrainingSamples { get; } = TrainingSamples;

    /// <summary>
    /// b = B/(1 − B/N), so that 1/b = 1/B − 1/N (thesis, theorem 14); infinite for the whole set, which has no sampling
    /// noise.
    /// </summary>
    public double EffectiveSize => TrainingSamples is { } samples ? Size / (1 - (Size / (double)samples)) : Size;
}
