namespace CurvatureMonitor.Contracts.Events;

/// <summary>Learns everything that the monitor sees: the live page's history, the terminal.</summary>
public interface IMonitorObserver
{
    /// <summary>
    /// Called for every event, one at a time and in order. Return soon: the next event waits. What it throws is logged
    /// and has no other effect.
    /// </summary>
    /// <param name="monitorEvent">The event.</param>
    void OnEvent(MonitorEvent monitorEvent);

    /// <summary>
    /// Called in place of <see cref="OnEvent"/> for an event of an earlier process that is told again.
    /// </summary>
    /// <param name="monitorEvent">The event.</param>
    void OnReplayed(MonitorEvent monitorEvent) => OnEvent(monitorEvent);
}
