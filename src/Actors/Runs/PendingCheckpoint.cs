using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>A checkpoint that is not accounted for yet.</summary>
/// <param name="analyses">The analyses that it is due for.</param>
internal sealed class PendingCheckpoint(IEnumerable<AnalysisKind> analyses)
{
    /// <summary>The analyses that are neither finished, failed nor dropped.</summary>
    public HashSet<AnalysisKind> Open { get; } = [.. analyses];

    /// <summary>Whether an analysis was finished.</summary>
    public bool Measured { get; set; }

    /// <summary>Whether an analysis failed.</summary>
    public bool Failed { get; set; }

    /// <summary>Why the last analysis was dropped; rejected where the cadence passes over the checkpoint.</summary>
    public DropReason Reason { get; set; } = DropReason.Rejected;

    /// <summary>Whether nothing but its being dropped is left to say of it.</summary>
    public bool IsLost => Open.Count == 0 && !Measured && !Failed;
}
