namespace CurvatureMonitor.Actors.Runs;

/// <summary>What share of wall time measuring has cost, from the cost of finished jobs, and whether that leaves room for another.</summary>
internal sealed class OverheadMeter(TimeProvider time, double? budget)
{
    // The share falls by waiting alone; a timer need not fire more often than this.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly long _started = time.GetTimestamp();

    /// <summary>Seconds that jobs have cost.</summary>
    public double Seconds { get; private set; }

    /// <summary>Wall time since the start.</summary>
    public double WallSeconds => time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Whether there is a budget to honour.</summary>
    public bool Limited => budget is not null;

    /// <summary>Seconds of measuring a second of wall time; null before any time has passed.</summary>
    public double? Share => WallSeconds is > 0 and var wall ? Seconds / wall : null;

    /// <summary>Whether a job may be started now.</summary>
    public bool HasRoom => budget is not { } limit || Seconds <= limit * WallSeconds;

    /// <summary>How long until the share has fallen to the budget, if no job is started before.</summary>
    public TimeSpan UntilRoom
    {
        get
        {
            if (budget is not { } limit)
            {
                return ShortestWait;
            }

            var seconds = (Seconds / limit) - WallSeconds;
            return TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestWait.TotalSeconds, LongestWait.TotalSeconds));
        }
    }

    /// <summary>A job has cost so much.</summary>
    public void Add(double seconds) => Seconds += seconds;
}
