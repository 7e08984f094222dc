namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>A clock that moves when a test says so; timers fire while it moves.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private long _ticks = TimeSpan.FromDays(365).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that are due some time.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() =>
        new(Interlocked.Read(ref _ticks) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(double seconds)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _ticks += TimeSpan.FromSeconds(seconds).Ticks;
            due = [.. _timers.Where(timer => timer.Due <= _ticks)];
            foreach (var timer in due)
            {
                if (timer.Period > 0)
                {
                    timer.Due = _ticks + timer.Period;
                }
                else
                {
                    _timers.Remove(timer);
                }
            }
        }

        due.ForEach(timer => timer.Fire());
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; set; }

        public long Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock._ticks + dueTime.Ticks;
                    Period = period > TimeSpan.Zero ? period.Ticks : 0;
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
