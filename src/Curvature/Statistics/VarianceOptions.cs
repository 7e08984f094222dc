using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>How the variance of a curvature matrix over samples is estimated.</summary>
public sealed record VarianceOptions
{
    /// <summary>
    /// Random unit vectors, 2 or more, each at the cost of about two products; 0 leaves the isotropic variance out. As
    /// many as there are parameters, or more, are replaced by the unit vectors of the parameters, and a per-sample
    /// result is exact.
    /// </summary>
    public int Probes { get; init; } = 32;

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
    /// Random partitions a given direction is averaged over with <see cref="VarianceForm.RandomBatches"/>, 2 or more.
    /// An isotropic probe has one of its own.
    /// </summary>
    public int Partitions { get; init; } = 8;

    /// <summary>Seed of the probes and partitions; the same for every checkpoint of a run.</summary>
    public long Seed { get; init; }
}
