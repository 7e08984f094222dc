namespace CurvatureMonitor.Contracts.Events;

/// <summary>
/// Loss and parameters of a training that had diverged (<see cref="TrainingDiverged"/>) are finite again.
/// </summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">The first step of which it is known.</param>
public sealed record TrainingRecovered(string Run, DateTimeOffset Time, long Step) : MonitorEvent(Run, Time);
