namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>What a variance over samples was computed from.</summary>
public enum VarianceForm
{
    /// <summary>Each sample by itself: exact over the probe set, for a given direction.</summary>
    PerSample,

    /// <summary>
    /// Random partitions of the probe set into micro-batches: unbiased for the per-sample variance over the probe set,
    /// with an error from the draw of the partitions besides that of the directions.
    /// </summary>
    RandomBatches,

    /// <summary>
    /// The micro-batches of the fixed order: what can be had where batch norm normalises each micro-batch by itself,
    /// and a sample alone has no gradient. It is the spread between micro-batches scaled to one sample, unbiased only
    /// where the fixed order is a random one.
    /// </summary>
    FixedBatches,
}
