namespace CurvatureMonitor.Actors.Jobs;

/// <summary>What a board does with a job whose worker is lost.</summary>
/// <param name="Attempts">The number of times that it is tried, the first included.</param>
internal sealed record LossPolicy(int Attempts)
{
    /// <summary>
    /// Whether jobs that wait come before it, because it may be what ended its worker; otherwise it is the next.
    /// </summary>
    public bool IsTriedLast { get; init; }

    /// <summary>Whether it is dropped as poison in the end; otherwise it has failed, crashed.</summary>
    public bool IsPoison { get; init; }
}
