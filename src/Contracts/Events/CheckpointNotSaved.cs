namespace CurvatureMonitor.Contracts.Events;

/// <summary>A checkpoint could not be written to the run's store. It is measured all the same.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Its step.</param>
/// <param name="Message">One line: why.</param>
public sealed record CheckpointNotSaved(string Run, DateTimeOffset Time, long Step, string Message)
    : MonitorEvent(Run, Time);
