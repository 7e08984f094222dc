using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Metrics;

/// <summary>Sets the series of every run from the events that the monitor sees.</summary>
/// <param name="metrics">The metrics.</param>
public sealed class RunMetricsObserver(CurvatureMetrics metrics) : IMonitorObserver
{
    private readonly Dictionary<string, RunMetrics> _runs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void OnEvent(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case RunStarted started:
                Start(started.Description);
                break;
            case ActorRestarted restarted:
                metrics.ActorRestarted(restarted.Actor);
                break;
            case { Run: { } name } when _runs.TryGetValue(name, out var run):
                OnEvent(monitorEvent, run);
                break;
            default:
                break;
        }
    }

    private void OnEvent(MonitorEvent monitorEvent, RunMetrics run)
    {
        if (monitorEvent is TrainerHeard && !run.IsServed)
        {
            // Its series went after the grace period, and begin again.
            Start(run.Description);
            return;
        }

        run.Apply(monitorEvent);
        if (monitorEvent is RunEnded)
        {
            _runs.Remove(run.Name);
        }
    }

    private void Start(RunDescription description) => _runs[description.Run] = metrics.StartRun(description);
}
