using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>An analysis of a checkpoint gave no measurement. The run continues.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Analysis">The analysis.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="Seconds">What it cost.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="OverheadShare">Seconds of measuring a second of wall time, up to now; null where no time has
/// passed.</param>
public sealed record AnalysisFailed(
    string Run,
    DateTimeOffset Time,
    long Step,
    AnalysisKind Analysis,
    JobFailureReason Reason,
    string Message,
    double Seconds,
    int Attempts,
    double? OverheadShare
) : MonitorEvent(Run, Time)
{
    /// <summary>The branch of the run, from 1.</summary>
    public int Branch { get; init; } = 1;
}
