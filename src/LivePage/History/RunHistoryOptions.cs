namespace CurvatureMonitor.LivePage.History;

/// <summary>Bounds of the history in memory.</summary>
internal sealed record RunHistoryOptions
{
    /// <summary>Most training points kept a run; beyond it every second one is let go.</summary>
    public int TrainingPoints { get; init; } = 4000;

    /// <summary>
    /// Most measurements kept for each analysis and operator of a run; beyond it every second one is let go.
    /// </summary>
    public int Measurements { get; init; } = 2000;

    /// <summary>Most events kept a run; beyond it the oldest go.</summary>
    public int Events { get; init; } = 200;

    /// <summary>Most runs kept; beyond it the oldest run that no longer runs goes.</summary>
    public int Runs { get; init; } = 200;

    /// <summary>Events that wait for a client before it is dropped as too slow.</summary>
    public int ClientQueue { get; init; } = 1024;

    /// <summary>
    /// Least time between two training events of a run. Faster trainings send their newest point at this pace.
    /// </summary>
    public TimeSpan TrainingEventInterval { get; init; } = TimeSpan.FromMilliseconds(50);
}
