namespace CurvatureMonitor.Derivatives.Passes;

/// <summary>
/// How the batch-norm layers of one forward pass normalise, and whether their running statistics change.
/// </summary>
/// <param name="NormalisesWithBatch">Whether with the batch's own mean and biased variance; else with the running
/// ones.</param>
/// <param name="UpdatesStatistics">Whether the running statistics then move towards the batch's.</param>
/// <param name="Momentum">The weight of the batch in that move; null for each layer's own.</param>
internal readonly record struct BatchNormUse(bool NormalisesWithBatch, bool UpdatesStatistics, double? Momentum = null)
{
    /// <summary>
    /// Whether the pass makes the program's casts to narrow types; else they are done without, where it can.
    /// </summary>
    internal bool KeepsNarrow { get; init; }

    /// <summary>With the batch; running statistics stay: the mode <c>train</c> of a measurement.</summary>
    internal static BatchNormUse Batch { get; } = new(true, false);

    /// <summary>With the running statistics: <c>eval</c>.</summary>
    internal static BatchNormUse Stored { get; } = new(false, false);

    /// <summary>With the batch; the running statistics move by each layer's own momentum: a training step.</summary>
    internal static BatchNormUse Update { get; } = new(true, true);

    /// <summary>As <see cref="Update"/> with a given momentum: <c>recompute</c>.</summary>
    internal static BatchNormUse Reestimate(double momentum) => new(true, true, momentum);
}
