using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// Accounts for every emitted checkpoint exactly once: emitted = measured + failed + Σ dropped + pending, always. A
/// checkpoint is pending while an analysis of it is open; then it counts as measured if one of them was finished, else
/// as failed if one failed, else as dropped for the reason of the last.
/// </summary>
internal sealed class CheckpointLedger
{
    private readonly Dictionary<long, Entry> _pending = [];
    private readonly Dictionary<DropReason, long> _dropped = [];

    public long Emitted { get; private set; }

    public long Measured { get; private set; }

    public long Failed { get; private set; }

    public long Pending => _pending.Count;

    public IReadOnlyDictionary<DropReason, long> Dropped => _dropped;

    /// <summary>A checkpoint was emitted.</summary>
    /// <param name="step">Its step, another for each.</param>
    /// <param name="analyses">How many analyses it is due for.</param>
    /// <returns>Why it is dropped, when it is due for none.</returns>
    public DropReason? Emit(long step, int analyses)
    {
        Emitted++;
        var entry = new Entry { Open = analyses };
        _pending.Add(step, entry);
        if (analyses > 0)
        {
            return null;
        }

        entry.Reason = DropReason.Rejected;
        return Close(step, entry);
    }

    /// <summary>An analysis of a checkpoint was finished.</summary>
    public DropReason? AnalysisMeasured(long step) => Settle(step, entry => entry.Measured = true);

    /// <summary>An analysis of a checkpoint failed.</summary>
    public DropReason? AnalysisFailed(long step) => Settle(step, entry => entry.Failed = true);

    /// <summary>An analysis of a checkpoint will not be made.</summary>
    /// <returns>Why the checkpoint is dropped, when that is now its fate.</returns>
    public DropReason? AnalysisDropped(long step, DropReason reason) => Settle(step, entry => entry.Reason = reason);

    private DropReason? Settle(long step, Action<Entry> note)
    {
        var entry = _pending[step];
        note(entry);
        entry.Open--;
        return entry.Open == 0 ? Close(step, entry) : null;
    }

    private DropReason? Close(long step, Entry entry)
    {
        _pending.Remove(step);
        if (entry.Measured)
        {
            Measured++;
            return null;
        }

        if (entry.Failed)
        {
            Failed++;
            return null;
        }

        _dropped[entry.Reason] = _dropped.GetValueOrDefault(entry.Reason) + 1;
        return entry.Reason;
    }

    private sealed class Entry
    {
        public int Open { get; set; }

        public bool Measured { get; set; }

        public bool Failed { get; set; }

        public DropReason Reason { get; set; }
    }
}
