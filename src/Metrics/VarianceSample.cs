namespace CurvatureMonitor.Metrics;

/// <summary>
/// How much one operator differs between samples at one checkpoint, and what follows for batches. What is null is not
/// exposed.
/// </summary>
/// <param name="Operator">The operator.</param>
public sealed record VarianceSample(string Operator)
{
    /// <summary>Summed over all entries.</summary>
    public double? Isotropic { get; init; }

    /// <summary>Standard error of <see cref="Isotropic"/>.</summary>
    public double? IsotropicError { get; init; }

    /// <summary>Along the top eigenvector.</summary>
    public double? Top { get; init; }

    /// <summary>Standard error of <see cref="Top"/>.</summary>
    public double? TopError { get; init; }

    /// <summary>
    /// The largest eigenvalue that theory predicts on batches of some sizes; the first
    /// <see cref="CurvatureMetrics.MaxBatchSizes"/> are exposed.
    /// </summary>
    public IReadOnlyList<(long BatchSize, double LambdaMax)> Predicted { get; init; } = [];
}
