namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>How batch sharpness is measured.</summary>
/// <param name="BatchSize">B, the batch size of the training; at most the probe set.</param>
public sealed record BatchSharpnessOptions(int BatchSize)
{
    /// <summary>
    /// Batches to average over, 2 or more, each drawn from the probe set by itself, without replacement.
    /// </summary>
    public int Batches { get; init; } = 32;

    /// <summary>Seed of the draws.</summary>
    public long Seed { get; init; }
}
