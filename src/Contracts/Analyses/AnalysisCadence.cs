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

    /// <summary>What is measured where modules are named: they too, rarely, unless it is said how often.</summary>
    /// <param name="cadences">What is measured else.</param>
    /// <param name="every">n, where every n-th checkpoint is measured at all.</param>
    public static IReadOnlyList<AnalysisCadence> WithModules(IReadOnlyList<AnalysisCadence> cadences, int every) =>
        cadences.Any(cadence => cadence.Kind == AnalysisKind.Modules)
            ? cadences
            : [.. cadences, new AnalysisCadence(AnalysisKind.Modules, ModuleSelection.DefaultEvery * every)];
}
