using System.Collections.Concurrent;
using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>Keeps what the monitor says.</summary>
internal sealed class RecordingObserver : IMonitorObserver
{
    private readonly ConcurrentQueue<MonitorEvent> _events = new();

    /// <summary>Everything so far.</summary>
    internal IReadOnlyList<MonitorEvent> Events => [.. _events];

    /// <summary>What was measured, in order.</summary>
    internal IReadOnlyList<CheckpointMeasured> Measured => [.. _events.OfType<CheckpointMeasured>()];

    /// <summary>What failed or was dropped, for the message of a test.</summary>
    internal string Troubles =>
        string.Join('\n', _events.Where(happened => happened is AnalysisFailed or AnalysisDropped));

    public void OnEvent(MonitorEvent monitorEvent) => _events.Enqueue(monitorEvent);
}
