using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>The checkpoints of a run: emitted = measured + failed + Σ dropped + pending.</summary>
internal sealed class CheckpointCounts
{
    private readonly Dictionary<DropReason, long> _dropped = [];

    public long Emitted { get; private set; }

    public long Measured { get; private set; }

    public long Failed { get; private set; }

    public IReadOnlyDictionary<DropReason, long> Dropped => _dropped;

    public void Emit() => Emitted++;

    /// <summary>
    /// A checkpoint is accounted for: measured where an analysis of it was finished, else failed where one failed, else
    /// dropped.
    /// </summary>
    public void Close(PendingCheckpoint checkpoint, DropReason reason)
    {
        if (checkpoint.Measured)
        {
            Measured++;
        }
        else if (checkpoint.Failed)
        {
            Failed++;
        }
        else
        {
            _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;
        }
    }
}
