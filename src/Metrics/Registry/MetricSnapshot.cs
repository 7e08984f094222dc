using System.Buffers;

namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// The state of a whole registry at one instant, on memory rented from a pool. Not to be used after
/// <see cref="Dispose"/>.
/// </summary>
public sealed class MetricSnapshot : IDisposable
{
    private SeriesState[]? _states;
    private FamilyRange[]? _ranges;
    private readonly int _rangeCount;

    /// <summary>Copies the state. The caller holds the registry's lock.</summary>
    internal MetricSnapshot(List<IMetricFamily> families)
    {
        var capacity = 0;
        foreach (var family in families)
        {
            capacity += family.Count;
        }
        _states = ArrayPool<SeriesState>.Shared.Rent(capacity);
        _ranges = ArrayPool<FamilyRange>.Shared.Rent(families.Count);
        foreach (var family in families)
        {
            var written = family.CopyTo(_states.AsSpan(SeriesCount));
            if (written > 0)
            {
                _ranges[_rangeCount++] = new FamilyRange(family.Descriptor, SeriesCount, written);
                SeriesCount += written;
            }
        }
    }

    /// <summary>How many series have a value.</summary>
    public int SeriesCount { get; }

    /// <summary>The families with at least one series, in the order of registration.</summary>
    internal ReadOnlySpan<FamilyRange> Families => Live(_ranges).AsSpan(0, _rangeCount);

    /// <summary>The series of one family.</summary>
    internal ReadOnlySpan<SeriesState> Series(in FamilyRange family) =>
        Live(_states).AsSpan(family.Start, family.Count);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Return(ref _states);
        Return(ref _ranges);
    }

    // References are cleared, so that the pool keeps no dropped run alive.
    private static void Return<T>(ref T[]? array)
    {
        if (Interlocked.Exchange(ref array, null) is { } rented)
        {
            ArrayPool<T>.Shared.Return(rented, clearArray: true);
        }
    }

    private static T[] Live<T>(T[]? array) => array ?? throw new ObjectDisposedException(nameof(MetricSnapshot));

    /// <summary>Where the series of a family lie in the snapshot.</summary>
    internal readonly record struct FamilyRange(MetricDescriptor Descriptor, int Start, int Count);
}
