using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>
/// An analysis of a checkpoint broke every worker that began it, or held each beyond its time, so that it was given up:
/// the run continues, and its measurements have a gap.
/// </summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Analysis">The analysis.</param>
public sealed record RunDegraded(string Run, DateTimeOffset Time, long Step, AnalysisKind Analysis)
    : MonitorEvent(Run, Time);
