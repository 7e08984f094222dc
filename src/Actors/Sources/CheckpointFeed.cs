using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Sources;

/// <summary>
/// Passes a training's reports and checkpoints from its thread to the run's. It holds one report and one checkpoint at
/// most: a newer one takes the place of one that is not taken yet. Thread-safe.
/// </summary>
internal sealed class CheckpointFeed : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<CheckpointRefused> _refused = [];
    private readonly List<CheckpointSkipped> _skipped = [];
    private TrainingReport? _report;
    private Checkpoint? _checkpoint;
    private bool _final;
    private TrainingEnded? _ended;
    private bool _woken;
    private bool _closed;

    /// <summary>Whether anybody takes what is put.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return !_closed && _ended is null;
            }
        }
    }

    /// <summary>The training has come so far.</summary>
    /// <returns>Whether the run's actor has to be woken.</returns>
    public bool Put(TrainingReport report) => Put(() => _report = report);

    /// <summary>A checkpoint could not be taken.</summary>
    /// <inheritdoc cref="Put(TrainingReport)"/>
    public bool Put(CheckpointRefused refused) => Put(() => _refused.Add(refused));

    /// <summary>The training has ended; the first end counts.</summary>
    /// <inheritdoc cref="Put(TrainingReport)"/>
    public bool Put(TrainingEnded ended) => Put(() => _ended = ended);

    /// <summary>A checkpoint, which passes to the feed; it is disposed at once where the run is over.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="final">Whether no more will come.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Whether the run's actor has to be woken.</returns>
    public bool Put(Checkpoint checkpoint, bool final, TimeProvider time)
    {
        var surplus = checkpoint;
        bool wake = Put(() =>
        {
            surplus = _checkpoint;
            if (surplus is not null)
            {
                _skipped.Add(
                    new CheckpointSkipped(surplus.Step, time.GetUtcNow(), Contracts.Runs.DropReason.Superseded)
                );
            }

            (_checkpoint, _final) = (checkpoint, final);
        });
        surplus?.Dispose();
        return wake;
    }

    /// <summary>Takes everything that was put since.</summary>
    public FeedContent Take()
    {
        lock (_gate)
        {
            var content = new FeedContent(_report, [.. _skipped], [.. _refused], _checkpoint, _final, _ended);
            (_report, _checkpoint, _woken) = (null, null, false);
            _skipped.Clear();
            _refused.Clear();
            return content;
        }
    }

    /// <summary>Nothing is taken any more.</summary>
    public void Dispose()
    {
        Checkpoint? surplus;
        lock (_gate)
        {
            _closed = true;
            (surplus, _checkpoint) = (_checkpoint, null);
        }

        surplus?.Dispose();
    }

    private bool Put(Action put)
    {
        lock (_gate)
        {
            if (_closed || _ended is not null)
            {
                return false;
            }

            put();
            bool wake = !_woken;
            _woken = true;
            return wake;
        }
    }
}
