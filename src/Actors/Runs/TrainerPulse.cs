namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// The pace of a trainer that is heard by its checkpoints alone, and how long a silence may be before it means
/// something.
/// </summary>
/// <param name="least">The shortest silence that means something.</param>
internal sealed class TrainerPulse(TimeSpan least)
{
    // Twice the usual may be an evaluation between two checkpoints.
    private const int Intervals = 3;

    // A clock that is set again must not make a silence that never ends.
    private static readonly TimeSpan Maximum = TimeSpan.FromDays(1);

    private DateTimeOffset? _last;
    private TimeSpan _interval;

    /// <summary>
    /// How long nothing may come: three times the last interval, at most a day, and never less than the least.
    /// </summary>
    public TimeSpan Timeout => Longer(least, Shorter(_interval, Maximum / Intervals) * Intervals);

    /// <summary>A checkpoint came.</summary>
    /// <param name="time">When, by the clock of this process: what trainers say of the time may be anything.</param>
    public void Beat(DateTimeOffset time)
    {
        if (_last is { } last)
        {
            _interval = (time - last).Duration();
        }

        _last = time;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
