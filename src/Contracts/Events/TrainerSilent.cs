namespace CurvatureMonitor.Contracts.Events;

/// <summary>
/// Nothing has come from a run's trainer for longer than its pace explains: it may have died without a word, and it may
/// come back.
/// </summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When that was seen.</param>
/// <param name="Seconds">For how long nothing had come.</param>
public sealed record TrainerSilent(string Run, DateTimeOffset Time, double Seconds) : MonitorEvent(Run, Time);
