namespace CurvatureMonitor.Metrics;

/// <summary>
/// Trace and Frobenius norm of one operator at one checkpoint; replaces the operator's previous ones as a whole.
/// </summary>
/// <param name="Operator">The operator.</param>
/// <param name="Trace">The trace.</param>
/// <param name="TraceError">Its standard error.</param>
public sealed record TraceSample(string Operator, double? Trace, double? TraceError = null)
{
    /// <summary>The Frobenius norm.</summary>
    public double? Frobenius { get; init; }

    /// <summary>Standard error of <see cref="Frobenius"/>.</summary>
    public double? FrobeniusError { get; init; }

    /// <summary>
    /// Trace of the block of every parameter tensor, in the model's order; the first
    /// <see cref="CurvatureMetrics.MaxLayers"/> are exposed.
    /// </summary>
    public IReadOnlyList<(string Layer, double Trace)> Layers { get; init; } = [];
}
