namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// How a run asks to be measured while it is watched; where it does not ask, the server's own choice holds.
/// </summary>
public sealed record MonitoringDescription
{
    /// <summary>The names of the analyses, each once; null for the server's.</summary>
    public IReadOnlyList<string>? Analyses { get; init; }

    /// <summary>
    /// Patterns of the modules whose blocks are measured, which asks for the analysis <c>modules</c> too; null for the
    /// server's.
    /// </summary>
    public IReadOnlyList<string>? Modules { get; init; }

    /// <summary>n: every n-th checkpoint is measured.</summary>
    public int? Every { get; init; }

    /// <summary>
    /// Seconds of measuring that a second of wall time may cost. The server's own budget holds where it is smaller.
    /// </summary>
    public double? OverheadBudget { get; init; }

    /// <summary>Lanczos steps of a spectrum.</summary>
    public int? LanczosSteps { get; init; }
}
