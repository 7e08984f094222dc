using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>A checkpoint will not be measured at all.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Its step.</param>
/// <param name="Reason">Why: superseded by a newer one, or rejected (by the cadence, or because the run was
/// stopped).</param>
public sealed record CheckpointDropped(string Run, DateTimeOffset Time, long Step, DropReason Reason)
    : MonitorEvent(Run, Time)
{
    /// <summary>Whether its branch of the run was left: its step may come again.</summary>
    public bool Abandoned { get; init; }
}
