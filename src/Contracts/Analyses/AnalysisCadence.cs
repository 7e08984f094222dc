namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>How often a run is measured in one way.</summary>
/// <param name="Kind">The analysis.</param>
/// <param name="Every">n: the first checkpoint and every n-th after it; the final one always.</param>
public sealed record AnalysisCadence(AnalysisKind Kind, int Every = 1)
{
    /// <summary>Whether a checkpoint is due.</summary>
    /// <param name="ordinal">How many checkpoints of the run came before it.</param>
    /// <param name="final">Whether it is the run's last.</param>
    public bool IsDue(long ordinal, bool final) => final || ordinal % Every == 0;
}
