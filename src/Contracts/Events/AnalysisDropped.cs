using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>
/// An analysis of a checkpoint will not be made. <see cref="CheckpointDropped"/> follows where no other analysis of the
/// checkpoint is open, finished or failed.
/// </summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Analysis">The analysis.</param>
/// <param name="Reason">The reason.</param>
public sealed record AnalysisDropped(
    string Run,
    DateTimeOffset Time,
    long Step,
    AnalysisKind Analysis,
    DropReason Reason
) : MonitorEvent(Run, Time);
