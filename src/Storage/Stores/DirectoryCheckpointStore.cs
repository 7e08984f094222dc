using System.Diagnostics.CodeAnalysis;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Stores;

/// <summary>
/// Checkpoints in run bundles on disk, which other processes may read and write at the same time. A bundle is attached
/// once, with the layout of its model; checkpoints that it already holds are found.
/// </summary>
public sealed class DirectoryCheckpointStore : ICheckpointStore
{
    private readonly CheckpointRetention _retention;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, AttachedBundle> _bundles = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Makes a store without bundles.</summary>
    /// <param name="retention">What to keep of each run; null for all.</param>
    public DirectoryCheckpointStore(CheckpointRetention? retention = null) =>
        _retention = retention ?? CheckpointRetention.All;

    /// <inheritdoc/>
    public IReadOnlyList<string> Runs =>
        [
            .. Attached()
                .Select(attached => attached.Bundle)
                .Where(bundle => bundle.CheckpointSteps().Count > 0)
                .Select(bundle => bundle.Manifest.Run),
        ];

    /// <summary>Adds a bundle to the store; its run's earlier bundle, if any, is let go.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="layout">The layout of its model.</param>
    public void Attach(RunBundle bundle, CheckpointLayout layout)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(layout);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _bundles[bundle.Manifest.Run] = new AttachedBundle(bundle, layout);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No bundle is attached for the checkpoint's run.</exception>
    public void Put(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        AttachedBundle attached = Find(checkpoint.Run)
            ?? throw new ArgumentException($"no bundle is attached for run '{checkpoint.Run}'", nameof(checkpoint));

        // One writer a bundle, so that two checkpoints of one step do not mix.
        lock (attached.Writing)
        {
            attached.Bundle.WriteCheckpoint(checkpoint);
            foreach (long step in _retention.Surplus(attached.Bundle.CheckpointSteps()))
            {
                attached.Bundle.RemoveCheckpoint(step);
            }
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string run, long step, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (Find(run) is not { } attached || !attached.Bundle.HasCheckpoint(step))
        {
            return false;
        }

        try
        {
            checkpoint = attached.Bundle.ReadCheckpoint(step, attached.Layout);
            return true;
        }
        catch (BundleException) when (!attached.Bundle.HasCheckpoint(step))
        {
            // Removed, here or by another process, since it was looked up.
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryGetLatest(string run, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        // The latest may be removed before it is read, by retention for instance; then there is a later one, or an
        // earlier one has become the latest.
        for (IReadOnlyList<long> steps = Steps(run); steps.Count > 0; steps = Steps(run))
        {
            if (TryGet(run, steps[^1], out checkpoint))
            {
                return true;
            }
        }

        checkpoint = null;
        return false;
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> Steps(string run) => Find(run)?.Bundle.CheckpointSteps() ?? [];

    /// <inheritdoc/>
    public bool Remove(string run, long step)
    {
        if (Find(run) is not { } attached)
        {
            return false;
        }

        lock (attached.Writing)
        {
            return attached.Bundle.RemoveCheckpoint(step);
        }
    }

    /// <summary>Lets go of the bundles; their files stay.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _bundles.Clear();
        }
    }

    private AttachedBundle? Find(string run)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _bundles.GetValueOrDefault(run);
        }
    }

    private AttachedBundle[] Attached()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return [.. _bundles.Values];
        }
    }

    private sealed record AttachedBundle(RunBundle Bundle, CheckpointLayout Layout)
    {
        public Lock Writing { get; } = new();
    }
}
