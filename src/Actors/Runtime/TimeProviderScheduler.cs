using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace CurvatureMonitor.Actors.Runtime;

/// <summary>Akka.NET's scheduler over a <see cref="TimeProvider"/>: a timer for whatever is scheduled.</summary>
/// <remarks>
/// Akka.NET's own looks a hundred times a second for what is due, in every actor system: a host and a worker with
/// nothing to do took a sixth of a core for it, beside a training. Akka.NET creates a scheduler by the name of its type
/// and hands it text only; the clock is looked up by a name too.
/// </remarks>
internal sealed class TimeProviderScheduler : SchedulerBase, IDisposable
{
    private const string SystemClock = "system";

    private static readonly ConcurrentDictionary<string, TimeProvider> Clocks = new(StringComparer.Ordinal);
    private static long _registered;

    private readonly TimeProvider _time;
    private readonly long _started;
    private volatile bool _ended;

    /// <summary>Called by Akka.NET.</summary>
    public TimeProviderScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        string clock = scheduler.GetString("akka.scheduler.clock");
        _time =
            clock == SystemClock ? TimeProvider.System
            : Clocks.TryRemove(clock, out var time) ? time
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
        string name = SystemClock;
        if (time != TimeProvider.System)
        {
            name = Interlocked.Increment(ref _registered).ToString(CultureInfo.InvariantCulture);
            Clocks[name] = time;
        }

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

    /// <summary>Called by Akka.NET when the actor system ends: what is due from then on is not done.</summary>
    public void Dispose() => _ended = true;

    private void Start(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        if (_ended || cancelable is { IsCancellationRequested: true })
        {
            return;
        }

        // The timer starts when its disposal on cancellation is arranged.
        ITimer? timer = null;
        CancellationTokenRegistration cancellation = default;
        timer = _time.CreateTimer(Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        cancellation = cancelable?.Token.UnsafeRegister(static one => ((ITimer)one!).Dispose(), timer) ?? default;
        timer.Change(delay, interval ?? Timeout.InfiniteTimeSpan);

        void Fire(object? state)
        {
            if (interval is null || _ended)
            {
                cancellation.Dispose();
                timer!.Dispose();
            }

            if (!_ended && cancelable is not { IsCancellationRequested: true })
            {
                action();
            }
        }
    }
}
