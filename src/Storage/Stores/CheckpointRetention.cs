namespace CurvatureMonitor.Storage.Stores;

/// <summary>Which checkpoints of a run a store keeps.</summary>
public sealed record CheckpointRetention
{
    private CheckpointRetention(int? keepLast) => Last = keepLast;

    /// <summary>Keeps every checkpoint.</summary>
    public static CheckpointRetention All { get; } = new((int?)null);

    /// <summary>How many checkpoints of a run are kept; null for all.</summary>
    public int? Last { get; }

    /// <summary>Keeps the checkpoints with the highest steps.</summary>
    /// <param name="count">How many of a run, at least 1.</param>
    public static CheckpointRetention KeepLast(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new CheckpointRetention(count);
    }

    /// <summary>The steps to remove.</summary>
    /// <param name="steps">The steps present, ascending.</param>
    internal IEnumerable<long> Surplus(IReadOnlyList<long> steps) =>
        Last is { } last ? steps.Take(steps.Count - last) : [];
}
