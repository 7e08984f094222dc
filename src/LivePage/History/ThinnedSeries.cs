namespace CurvatureMonitor.LivePage.History;

/// <summary>
/// A series that never holds more than a fixed number of items: it keeps every k-th item of all that were added, and
/// doubles k when it is full. The newest item is always part of it. Not thread-safe.
/// </summary>
/// <typeparam name="T">Type of the items.</typeparam>
internal sealed class ThinnedSeries<T>
    where T : class
{
    private readonly int _capacity;
    private readonly List<T> _kept = [];
    private long _added;
    private T? _newest;

    /// <param name="capacity">Most items kept; at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 2.</exception>
    public ThinnedSeries(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _capacity = capacity;
    }

    /// <summary>Distance k between kept items, in items added.</summary>
    public long Stride { get; private set; } = 1;

    /// <summary>The item added last.</summary>
    public T? Newest => _newest;

    /// <summary>Adds an item at the end.</summary>
    public void Add(T item)
    {
        // Invariant: _kept holds the items number 0, k, 2k, … of all that were added. Where it is full, another item is
        // one too many even as the mere newest.
        if (_kept.Count == _capacity)
        {
            Halve();
        }

        if (_added % Stride == 0)
        {
            _kept.Add(item);
        }

        _newest = item;
        _added++;
    }

    /// <summary>A copy of the kept items, oldest first, closed by the newest.</summary>
    public T[] ToArray() => _newest is null || ReferenceEquals(_kept[^1], _newest) ? [.. _kept] : [.. _kept, _newest];

    private void Halve()
    {
        int count = 0;
        for (int i = 0; i < _kept.Count; i += 2)
        {
            _kept[count++] = _kept[i];
        }

        _kept.RemoveRange(count, _kept.Count - count);
        Stride *= 2;
    }
}
