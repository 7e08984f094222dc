namespace CurvatureMonitor.Contracts.Events;

/// <summary>
/// The observer that learns every event before metrics and the other observers do, and none that is repeated: what was
/// shown once must not be measured as something else after a restart.
/// </summary>
public interface IMonitorJournal : IMonitorObserver;
