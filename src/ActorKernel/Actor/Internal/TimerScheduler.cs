using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>What a timer really sends; the cell unpacks it.</summary>
internal sealed record TimerMessage(object Key, int Generation, TimerScheduler Owner, object Message)
    : IDeadLetterSuppression,
        INoSerializationVerificationNeeded;

/// <summary>The timers of one incarnation.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, (int Generation, bool Repeats, ICancelable Job)> _timers = [];
    private int _generation;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Job.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Job.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>The message to be seen, or null for one that is out of date.</summary>
    public object? Intercept(TimerMessage message)
    {
        if (
            !ReferenceEquals(message.Owner, this)
            || !_timers.TryGetValue(message.Key, out var timer)
            || timer.Generation != message.Generation
        )
        {
            return null;
        }

        if (!timer.Repeats)
        {
            _timers.Remove(message.Key);
        }

        return message.Message;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval)
    {
        ArgumentNullException.ThrowIfNull(message);
        Cancel(key);
        var timed = new TimerMessage(key, ++_generation, this, message);
        var scheduler = cell.System.Scheduler;
        var job = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, cell.Self, timed, ActorRefs.NoSender)
            : scheduler.ScheduleTellOnceCancelable(delay, cell.Self, timed, ActorRefs.NoSender);
        _timers[key] = (_generation, interval is not null, job);
    }
}
