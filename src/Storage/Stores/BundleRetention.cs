namespace CurvatureMonitor.Storage.Stores;

/// <summary>
/// Which checkpoints of many runs stay on disk: the last n of each run and those with measurements, while all of them
/// fit. What is to be measured stays in any case.
/// </summary>
public sealed record BundleRetention
{
    /// <summary>n, the newest checkpoints of a run that are kept whether they were measured or not.</summary>
    public int Last { get; init; } = 10;

    /// <summary>The most bytes of all runs together.</summary>
    public long MaximumBytes { get; init; } = 100_000_000_000;

    /// <summary>
    /// The checkpoints to remove. First those that were passed over, beyond the last n of their run; then, while there
    /// are too many bytes, the oldest passed over, the oldest measured beyond the last n, and the oldest of the rest.
    /// </summary>
    /// <param name="stored">Every checkpoint of every run.</param>
    public IReadOnlyList<StoredCheckpoint> Surplus(IReadOnlyCollection<StoredCheckpoint> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var recent = stored
            .GroupBy(checkpoint => checkpoint.Run, StringComparer.Ordinal)
            .SelectMany(run => run.OrderByDescending(checkpoint => checkpoint.Step).Take(Last))
            .ToHashSet();
        List<StoredCheckpoint> surplus =
        [
            .. stored.Where(checkpoint => checkpoint.Use == CheckpointUse.Passed && !recent.Contains(checkpoint)),
        ];
        long bytes = stored.Sum(checkpoint => checkpoint.Bytes) - surplus.Sum(checkpoint => checkpoint.Bytes);
        var candidates = stored
            .Except(surplus)
            .Where(checkpoint => checkpoint.Use != CheckpointUse.Open)
            .OrderBy(checkpoint =>
                (checkpoint.Use, recent.Contains(checkpoint)) switch
                {
                    (CheckpointUse.Passed, _) => 0,
                    (_, false) => 1,
                    _ => 2,
                }
            )
            .ThenBy(checkpoint => checkpoint.Written)
            .ThenBy(checkpoint => checkpoint.Step);
        foreach (var candidate in candidates.TakeWhile(_ => bytes > MaximumBytes))
        {
            surplus.Add(candidate);
            bytes -= candidate.Bytes;
        }

        return surplus;
    }
}
