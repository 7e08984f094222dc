using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace CurvatureMonitor.Actors.Runtime;

/// <summary>Akka.NET's scheduler over a <see cref="TimeProvider"/> other than the system's.</summary>
/// <remarks>
/// Akka.NET creates a scheduler by the name of its type and hands it text only; the clock is looked up by a name too.
/// </remarks>
internal sealed class TimeProviderScheduler : SchedulerBase
{
    private static readonly ConcurrentDictionary<string, TimeProvider> Clocks = new(StringComparer.Ordinal);
    private static long _registered;

    private readonly TimeProvider _time;
    private readonly long _started;

    /// <summary>Called by Akka.NET.</summary>
    public TimeProviderScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        _time = Clocks.TryRemove(scheduler.GetString("akka.scheduler.clock"), out var time)
            ? time
            : throw new ConfigurationException("the scheduler's clock was not registered");
        _started = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => _time.GetElapsedTime(_started);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => _time.GetUtcNow();

    /// <summary>The configuration of one actor system that goes by a clock.</summary>
    public static Config Configuration(TimeProvider time)
    {
        var name = Interlocked.Increment(ref _registered).ToString(CultureInfo.InvariantCulture);
        Clocks[name] = time;
        return ConfigurationFactory.ParseString(
            $$"""
            akka.scheduler {
              implementation = "{{typeof(TimeProviderScheduler).AssemblyQualifiedName}}"
              clock = "{{name}}"
            }
            """
        );
    }

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(
        TimeSpan delay,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    ) => Start(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    ) => Start(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Start(delay, null, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Start(delay, null, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        Action action,
        ICancelable cancelable
    ) => Start(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        IRunnable action,
        ICancelable cancelable
    ) => Start(initialDelay, interval, action.Run, cancelable);

    private void Start(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true })
        {
            return;
        }

        // The timer starts when its disposal on cancellation is arranged.
        var timer = _time.CreateTimer(Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(delay, interval ?? Timeout.InfiniteTimeSpan);
        cancelable?.Token.UnsafeRegister(static one => ((ITimer)one!).Dispose(), timer);

        void Fire(object? state)
        {
            if (cancelable is not { IsCancellationRequested: true })
            {
                action();
            }
        }
    }
}
