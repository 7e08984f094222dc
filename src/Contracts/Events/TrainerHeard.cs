namespace CurvatureMonitor.Contracts.Events;

/// <summary>A trainer that had fallen silent (<see cref="TrainerSilent"/>) has sent something again.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
public sealed record TrainerHeard(string Run, DateTimeOffset Time) : MonitorEvent(Run, Time);
