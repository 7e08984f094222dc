using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// What share of wall time measuring has cost, from the cost of finished jobs, and whether that leaves room for
/// another. The first analysis of a run may use the whole budget, the others together half of it: however long they
/// take, the first one stays fresh.
/// </summary>
internal sealed class OverheadMeter(TimeProvider time, double? budget, AnalysisKind first)
{
    /// <summary>The part of the budget that analyses other than the first have together.</summary>
    private const double OthersShare = 0.5;

    // The share falls by waiting alone; a timer need not fire more often than this.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly long _started = time.GetTimestamp();
    private double _others;

    /// <summary>Seconds that jobs have cost.</summary>
    public double Seconds { get; private set; }

    /// <summary>Wall time since the start.</summary>
    public double WallSeconds => time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Whether there is a budget to honour.</summary>
    public bool Limited => budget is not null;

    /// <summary>Seconds of measuring a second of wall time; null before any time has passed.</summary>
    public double? Share => WallSeconds is > 0 and var wall ? Seconds / wall : null;

    /// <summary>Whether a job of an analysis may be started now.</summary>
    public bool HasRoomFor(AnalysisKind kind) => SecondsUntilRoomFor(kind) <= 0;

    /// <summary>
    /// How long until the share has fallen to what an analysis may have, if no job is started before.
    /// </summary>
    public TimeSpan UntilRoomFor(AnalysisKind kind) =>
        TimeSpan.FromSeconds(
            Math.Clamp(SecondsUntilRoomFor(kind), ShortestWait.TotalSeconds, LongestWait.TotalSeconds)
        );

    /// <summary>A job of an analysis has cost so much.</summary>
    public void Add(AnalysisKind kind, double seconds)
    {
        Seconds += seconds;
        _others += kind == first ? 0 : seconds;
    }

    private double SecondsUntilRoomFor(AnalysisKind kind)
    {
        if (budget is not { } limit)
        {
            return 0;
        }

        var needed = kind == first ? Seconds / limit : Math.Max(Seconds / limit, _others / (OthersShare * limit));
        return needed - WallSeconds;
    }
}
