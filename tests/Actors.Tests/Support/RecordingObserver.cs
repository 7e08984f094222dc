using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>Keeps every event, and lets a test wait for one.</summary>
internal sealed class RecordingObserver : IMonitorObserver
{
    private readonly Lock _gate = new();
    private readonly List<MonitorEvent> _events = [];
    private readonly List<(Func<MonitorEvent, bool> Matches, TaskCompletionSource<MonitorEvent> Found)> _waiting = [];

    public IReadOnlyList<MonitorEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<T> Of<T>()
        where T : MonitorEvent => [.. Events.OfType<T>()];

    public void OnEvent(MonitorEvent monitorEvent)
    {
        lock (_gate)
        {
            _events.Add(monitorEvent);
            foreach (var waiting in _waiting.Where(waiting => waiting.Matches(monitorEvent)).ToList())
            {
                _waiting.Remove(waiting);
                waiting.Found.SetResult(monitorEvent);
            }
        }
    }

    /// <summary>The first event of that kind, past or to come.</summary>
    public async Task<T> First<T>(Func<T, bool>? matches = null)
        where T : MonitorEvent
    {
        bool Matches(MonitorEvent monitorEvent) => monitorEvent is T typed && matches?.Invoke(typed) != false;
        var found = new TaskCompletionSource<MonitorEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_events.FirstOrDefault(Matches) is { } past)
            {
                return (T)past;
            }

            _waiting.Add((Matches, found));
        }

        return (T)await found.Task.WaitAsync(Until.Patience);
    }
}
