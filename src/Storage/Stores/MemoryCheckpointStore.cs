using System.Diagnostics.CodeAnalysis;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Stores;

/// <summary>
/// Checkpoints in the memory of this process; storing and looking up share the memory and copy nothing.
/// </summary>
public sealed class MemoryCheckpointStore : ICheckpointStore
{
    private readonly CheckpointRetention _retention;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedList<long, Checkpoint>> _runs = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Makes an empty store.</summary>
    /// <param name="retention">What to keep of each run; null for all.</param>
    public MemoryCheckpointStore(CheckpointRetention? retention = null) =>
        _retention = retention ?? CheckpointRetention.All;

    /// <inheritdoc/>
    public IReadOnlyList<string> Runs
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return [.. _runs.Keys];
            }
        }
    }

    /// <inheritdoc/>
    public void Put(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Checkpoint own = checkpoint.Retain();
            if (!_runs.TryGetValue(checkpoint.Run, out SortedList<long, Checkpoint>? checkpoints))
            {
                _runs.Add(checkpoint.Run, checkpoints = []);
            }

            checkpoints.GetValueOrDefault(checkpoint.Step)?.Dispose();
            checkpoints[checkpoint.Step] = own;
            foreach (long step in _retention.Surplus([.. checkpoints.Keys]))
            {
                RemoveFrom(checkpoints, step);
            }
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string run, long step, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            checkpoint = _runs.GetValueOrDefault(run)?.GetValueOrDefault(step)?.Retain();
            return checkpoint is not null;
        }
    }

    /// <inheritdoc/>
    public bool TryGetLatest(string run, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            checkpoint = _runs.TryGetValue(run, out SortedList<long, Checkpoint>? checkpoints)
                ? checkpoints.Values[^1].Retain()
                : null;
            return checkpoint is not null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> Steps(string run)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _runs.TryGetValue(run, out SortedList<long, Checkpoint>? checkpoints) ? [.. checkpoints.Keys] : [];
        }
    }

    /// <inheritdoc/>
    public bool Remove(string run, long step)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (
                !_runs.TryGetValue(run, out SortedList<long, Checkpoint>? checkpoints) || !RemoveFrom(checkpoints, step)
            )
            {
                return false;
            }

            // A run is listed while it has checkpoints.
            if (checkpoints.Count == 0)
            {
                _runs.Remove(run);
            }

            return true;
        }
    }

    /// <summary>Lets go of every checkpoint.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (Checkpoint checkpoint in _runs.Values.SelectMany(checkpoints => checkpoints.Values))
            {
                checkpoint.Dispose();
            }

            _runs.Clear();
        }
    }

    private static bool RemoveFrom(SortedList<long, Checkpoint> checkpoints, long step)
    {
        if (!checkpoints.Remove(step, out Checkpoint? removed))
        {
            return false;
        }

        removed.Dispose();
        return true;
    }
}
