using System.Collections.Concurrent;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>The scheduler over a <see cref="TimeProvider"/>: one timer a job.</summary>
internal sealed class TimeProviderScheduler(ActorSystemImpl system, TimeProvider clock) : IScheduler, IAdvancedScheduler
{
    private readonly ConcurrentDictionary<Job, byte> _jobs = new();
    private readonly long _started = clock.GetTimestamp();
    private volatile bool _shutDown;

    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan MonotonicClock => clock.GetElapsedTime(_started);

    public IAdvancedScheduler Advanced => this;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(
        TimeSpan delay,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable
    ) => Start(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender
    ) => ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable
    ) => Start(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Start(delay, null, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Start(delay, null, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Start(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Start(initialDelay, interval, action, cancelable);

    /// <summary>Ends all jobs; none is taken any more.</summary>
    public void ShutDown()
    {
        _shutDown = true;
        foreach (var job in _jobs.Keys)
        {
            job.End();
        }
    }

    private void Start(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero, nameof(delay));
        if (interval is { } period)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero, nameof(interval));
        }

        if (cancelable is { IsCancellationRequested: true })
        {
            return;
        }

        var job = new Job(this, action, interval);
        _jobs.TryAdd(job, 0);
        if (_shutDown)
        {
            job.End();
            throw new SchedulerException("cannot enqueue after timer shutdown");
        }

        job.Begin(delay, cancelable?.Token ?? CancellationToken.None);
    }

    private sealed class Job(TimeProviderScheduler scheduler, Action action, TimeSpan? interval)
    {
        private readonly Lock _gate = new();
        private ITimer? _timer;
        private CancellationTokenRegistration _registration;
        private long _armed;
        private TimeSpan _delay;
        private bool _ended;

        public void Begin(TimeSpan delay, CancellationToken token)
        {
            lock (_gate)
            {
                if (_ended)
                {
                    return;
                }

                _timer = scheduler.Clock.CreateTimer(
                    static job => ((Job)job!).Fire(),
                    this,
                    Timeout.InfiniteTimeSpan,
                    Timeout.InfiniteTimeSpan
                );
            }

            // Outside of the lock: registering with a cancelled token runs the callback at once, arming may run the
            // timer at once.
            var registration = token.UnsafeRegister(static job => ((Job)job!).End(), this);
            lock (_gate)
            {
                _registration = registration;
                if (_ended)
                {
                    registration.Unregister();
                }
            }

            Arm(delay);
        }

        public void End()
        {
            lock (_gate)
            {
                if (_ended)
                {
                    return;
                }

                _ended = true;
                _timer?.Dispose();
                _registration.Unregister();
            }

            scheduler._jobs.TryRemove(this, out _);
        }

        private void Arm(TimeSpan delay)
        {
            ITimer? timer;
            lock (_gate)
            {
                timer = _ended ? null : _timer;
                _armed = scheduler.Clock.GetTimestamp();
                _delay = delay;
            }

            // A disposed timer answers false; that is fine.
            timer?.Change(delay, Timeout.InfiniteTimeSpan);
        }

        private void Fire()
        {
            lock (_gate)
            {
                if (_ended)
                {
                    return;
                }
            }

            // The clock's timers may come a little before their time, by its own measure; a job never does.
            var missing = _delay - scheduler.Clock.GetElapsedTime(_armed);
            if (missing > TimeSpan.Zero)
            {
                Arm(missing < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : missing);
                return;
            }

            if (interval is null)
            {
                End();
            }

            try
            {
                action();
            }
            catch (Exception e)
            {
                scheduler.Log.Error(e, "A scheduled action failed");
            }

            if (interval is { } period)
            {
                Arm(period);
            }
        }
    }

    private TimeProvider Clock => clock;

    private ILoggingAdapter Log => system.LoggerFor("Scheduler", typeof(TimeProviderScheduler));
}
