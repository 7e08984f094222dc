using System.Collections.Concurrent;

namespace CurvatureMonitor.Actors.Resources;

/// <summary>
/// Cancels assigned jobs between two curvature products. A worker that measures reads no messages, so that the word
/// reaches it here, by the number of its assignment. Thread-safe.
/// </summary>
public sealed class JobCancellations
{
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _open = new();
    private long _last;

    /// <summary>A job is assigned.</summary>
    /// <returns>The number of the assignment; <see cref="Close"/> ends it.</returns>
    public long Open()
    {
        long number = Interlocked.Increment(ref _last);
        _open[number] = new CancellationTokenSource();
        return number;
    }

    /// <summary>The token of an assignment; a cancelled one where the assignment has ended.</summary>
    /// <param name="assignment">Its number.</param>
    public CancellationToken TokenOf(long assignment) =>
        _open.TryGetValue(assignment, out var source) ? source.Token : new CancellationToken(canceled: true);

    /// <summary>Cancels an assignment; one that has ended stays as it is.</summary>
    /// <param name="assignment">Its number.</param>
    public void Cancel(long assignment)
    {
        if (_open.TryGetValue(assignment, out var source))
        {
            source.Cancel();
        }
    }

    /// <summary>An assignment has ended.</summary>
    /// <param name="assignment">Its number.</param>
    public void Close(long assignment)
    {
        // Not disposed: a worker that was given up may still look at its token, and there is no timer to release.
        _open.TryRemove(assignment, out _);
    }
}
