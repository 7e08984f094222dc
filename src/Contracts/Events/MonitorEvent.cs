namespace CurvatureMonitor.Contracts.Events;

/// <summary>
/// Something that the monitor saw. Immutable; the events of one run come in the order in which they happened.
/// </summary>
/// <param name="Run">The run's name; null where it concerns none.</param>
/// <param name="Time">When.</param>
public abstract record MonitorEvent(string? Run, DateTimeOffset Time);
