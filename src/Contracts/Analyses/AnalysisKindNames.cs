namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>
/// The names of the analyses in metrics, command lines and results: <c>spectrum</c>, <c>sharpness</c>,
/// <c>batch_sharpness</c>, …
/// </summary>
public static class AnalysisKindNames
{
    /// <summary>The name of <paramref name="kind"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of the enumeration.</exception>
    public static string Label(this AnalysisKind kind) =>
        kind switch
        {
            AnalysisKind.Spectrum => "spectrum",
            AnalysisKind.Sharpness => "sharpness",
            AnalysisKind.Gradient => "gradient",
            AnalysisKind.Trace => "trace",
            AnalysisKind.Variance => "variance",
            AnalysisKind.Tracking => "tracking",
            AnalysisKind.BatchSharpness => "batch_sharpness",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "this analysis has no name"),
        };
}
