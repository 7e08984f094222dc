namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>
/// The names of the analyses in metrics, command lines and results: <c>spectrum</c>, <c>sharpness</c>,
/// <c>batch_sharpness</c>, …
/// </summary>
public static class AnalysisKindNames
{
    private static readonly Dictionary<AnalysisKind, string> Names = new()
    {
        [AnalysisKind.Spectrum] = "spectrum",
        [AnalysisKind.Sharpness] = "sharpness",
        [AnalysisKind.Gradient] = "gradient",
        [AnalysisKind.Trace] = "trace",
        [AnalysisKind.Variance] = "variance",
        [AnalysisKind.Tracking] = "tracking",
        [AnalysisKind.BatchSharpness] = "batch_sharpness",
        [AnalysisKind.PreconditionedSharpness] = "preconditioned_sharpness",
        [AnalysisKind.Eigenpairs] = "eigenpairs",
        [AnalysisKind.Views] = "views",
        [AnalysisKind.Shape] = "shape",
        [AnalysisKind.Deflated] = "deflated",
        [AnalysisKind.MiniBatch] = "mini_batch",
        [AnalysisKind.Layers] = "layers",
        [AnalysisKind.Weights] = "weights",
        [AnalysisKind.Modules] = "modules",
    };

    /// <summary>The kinds that a run can ask for while it trains, by name.</summary>
    public static IReadOnlyDictionary<string, AnalysisKind> Live { get; } =
        ByName(
            AnalysisKind.Spectrum,
            AnalysisKind.Sharpness,
            AnalysisKind.Gradient,
            AnalysisKind.Trace,
            AnalysisKind.Variance,
            AnalysisKind.Tracking,
            AnalysisKind.BatchSharpness,
            AnalysisKind.Modules
        );

    /// <summary>The kinds that can be measured of a saved checkpoint, by name; the first four where none is
    /// named.</summary>
    public static IReadOnlyDictionary<string, AnalysisKind> Saved { get; } =
        ByName(
            AnalysisKind.Sharpness,
            AnalysisKind.Spectrum,
            AnalysisKind.Trace,
            AnalysisKind.Variance,
            AnalysisKind.Gradient,
            AnalysisKind.Eigenpairs,
            AnalysisKind.Views,
            AnalysisKind.Shape,
            AnalysisKind.Deflated,
            AnalysisKind.Tracking,
            AnalysisKind.BatchSharpness,
            AnalysisKind.PreconditionedSharpness,
            AnalysisKind.MiniBatch,
            AnalysisKind.Layers,
            AnalysisKind.Weights,
            AnalysisKind.Modules
        );

    /// <summary>The name of <paramref name="kind"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of the enumeration.</exception>
    public static string Label(this AnalysisKind kind) =>
        Names.TryGetValue(kind, out string? name)
            ? name
            : throw new ArgumentOutOfRangeException(nameof(kind), kind, "this analysis has no name");

    private static OrderedDictionary<string, AnalysisKind> ByName(params IEnumerable<AnalysisKind> kinds)
    {
        var named = new OrderedDictionary<string, AnalysisKind>(StringComparer.Ordinal);
        foreach (var kind in kinds)
        {
            named.Add(Names[kind], kind);
        }

        return named;
    }
}
