using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>How the statistics of the gradient are measured.</summary>
public sealed record GradientOptions
{
    /// <summary>
    /// What the variance is computed from; null is per sample, or the fixed micro-batches where batch norm is in train
    /// mode.
    /// </summary>
    public VarianceForm? Form { get; init; }

    /// <summary>
    /// Samples a micro-batch of <see cref="VarianceForm.RandomBatches"/>; null is the objective's micro-batch.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Random partitions of <see cref="VarianceForm.RandomBatches"/>, 2 or more: a pass over the probe set each.
    /// </summary>
    public int Partitions { get; init; } = 8;

    /// <summary>Seed of the partitions.</summary>
    public long Seed { get; init; }
}
