namespace CurvatureMonitor.Metrics;

/// <summary>What a run is, as far as labels tell it.</summary>
/// <param name="Run">The name of the run: the value of the label <c>run</c> on all its series.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Optimizer">The optimiser's name.</param>
/// <param name="Dataset">The data set's name.</param>
/// <param name="Revision">The revision of the training code, or empty.</param>
public sealed record RunDescription(
    string Run,
    string Model = "",
    string Optimizer = "",
    string Dataset = "",
    string Revision = ""
)
{
    /// <summary>
    /// The analyses that the run may ask for; their counters exist from the start. All known ones by default.
    /// </summary>
    public IReadOnlyList<string> Analyses { get; init; } = KnownLabels.Analyses;

    /// <summary>
    /// The operators that the run measures; their counters exist from the start. All known ones by default.
    /// </summary>
    public IReadOnlyList<string> Operators { get; init; } = KnownLabels.Operators;

    /// <summary>When the run began; the time of <see cref="CurvatureMetrics.StartRun"/> when null.</summary>
    public DateTimeOffset? Started { get; init; }
}
