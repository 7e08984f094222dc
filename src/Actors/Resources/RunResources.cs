using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Resources;

/// <summary>
/// The objective and the open checkpoints of one run of this process. Messages name run and step; whoever measures or
/// saves finds the data here. Thread-safe.
/// </summary>
public sealed class RunResources : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Checkpoint> _checkpoints = [];
    private bool _disposed;

    internal RunResources(string run, RunProbe probe) => (Run, Probe) = (run, probe);

    /// <summary>The run's name.</summary>
    public string Run { get; }

    /// <summary>The run's objective; it stays its owner's.</summary>
    public RunProbe Probe { get; }

    /// <summary>
    /// Keeps a checkpoint until it is released, in place of an older one of its step. The handle passes to this object,
    /// which disposes it at once where the run is over.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    public void Keep(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Keep(checkpoint.Step, checkpoint);
    }

    /// <summary>Keeps a checkpoint under a step that need not be its own.</summary>
    /// <inheritdoc cref="Keep(Checkpoint)"/>
    /// <param name="step">The step by which it is found.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    internal void Keep(long step, Checkpoint checkpoint)
    {
        Checkpoint? surplus;
        lock (_gate)
        {
            surplus = _disposed ? checkpoint : _checkpoints.GetValueOrDefault(step);
            if (!_disposed)
            {
                _checkpoints[step] = checkpoint;
            }
        }

        surplus?.Dispose();
    }

    /// <summary>Another handle on a kept checkpoint, which the caller disposes.</summary>
    /// <param name="step">Its step.</param>
    /// <returns>The handle; null where no such checkpoint is kept.</returns>
    public Checkpoint? Retain(long step)
    {
        lock (_gate)
        {
            return _checkpoints.GetValueOrDefault(step)?.Retain();
        }
    }

    /// <summary>A checkpoint is needed no longer.</summary>
    /// <param name="step">Its step.</param>
    public void Release(long step)
    {
        Checkpoint? released;
        lock (_gate)
        {
            _checkpoints.Remove(step, out released);
        }

        released?.Dispose();
    }

    /// <summary>Releases every checkpoint, and those that come later.</summary>
    public void Dispose()
    {
        List<Checkpoint> released;
        lock (_gate)
        {
            _disposed = true;
            released = [.. _checkpoints.Values];
            _checkpoints.Clear();
        }

        released.ForEach(checkpoint => checkpoint.Dispose());
    }
}
