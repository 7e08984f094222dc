using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Intake.Retention;

/// <summary>
/// What has become of the checkpoints of one run, in this process and in those before it. Thread-safe.
/// </summary>
internal sealed class CheckpointUses
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, CheckpointUse> _uses = [];

    /// <summary>A checkpoint has come.</summary>
    internal void Add(long step)
    {
        lock (_gate)
        {
            _uses.TryAdd(step, CheckpointUse.Open);
        }
    }

    /// <summary>What has become of a checkpoint is known.</summary>
    internal void Settle(long step, CheckpointUse use)
    {
        lock (_gate)
        {
            // What was measured in one way stays measured, whatever becomes of another.
            if (_uses.GetValueOrDefault(step) != CheckpointUse.Measured)
            {
                _uses[step] = use;
            }
        }
    }

    /// <summary>A new branch of the run begins: its steps may come again.</summary>
    internal void Forget(long from)
    {
        lock (_gate)
        {
            foreach (long step in _uses.Keys.Where(step => step >= from).ToList())
            {
                _uses.Remove(step);
            }
        }
    }

    /// <summary>Whether a checkpoint has come, be it that its files are gone.</summary>
    internal bool Knows(long step)
    {
        lock (_gate)
        {
            return _uses.ContainsKey(step);
        }
    }

    /// <summary>The latest step that has come; null before the first.</summary>
    internal long? Newest
    {
        get
        {
            lock (_gate)
            {
                return _uses.Count == 0 ? null : _uses.Keys.Max();
            }
        }
    }

    /// <summary>What has become of a checkpoint; one that is not known here waits for its turn.</summary>
    internal CheckpointUse Of(long step)
    {
        lock (_gate)
        {
            return _uses.GetValueOrDefault(step);
        }
    }
}
