using CurvatureMonitor.Actors;
using CurvatureMonitor.Intake.Retention;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Runs;

/// <summary>
/// A run whose checkpoints come from outside: its bundle, and the monitor's handle on it. Thread-safe.
/// </summary>
internal sealed class IntakeRun(RunBundle bundle, IntakeHandle handle, CheckpointUses uses)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _told = [];
    private bool _finished;

    internal string Name => Bundle.Manifest.Run;

    internal RunBundle Bundle { get; } = bundle;

    internal IntakeHandle Handle { get; } = handle;

    internal CheckpointUses Uses { get; } = uses;

    /// <summary>Held while a checkpoint is committed, so that two of one step do not mix.</summary>
    internal SemaphoreSlim Committing { get; } = new(1, 1);

    /// <summary>Whether everything of it has been told.</summary>
    internal bool HasEnded => Handle.Completion.IsCompleted;

    /// <summary>Whether it was said that no more checkpoints come.</summary>
    internal bool IsFinished
    {
        get
        {
            lock (_gate)
            {
                return _finished;
            }
        }
    }

    /// <summary>Looks what the bundle has that has not been told: checkpoints, and the end.</summary>
    /// <exception cref="BundleException">The folder cannot be read, or the file that tells the end is not
    /// valid.</exception>
    internal void Scan()
    {
        // The mark first: a checkpoint that is written before it must not be missed. A mark that cannot be read holds
        // no checkpoint up.
        FinishMark? finish = null;
        BundleException? unreadable = null;
        try
        {
            finish = Bundle.ReadFinish();
        }
        catch (BundleException exception)
        {
            unreadable = exception;
        }

        foreach (long step in Bundle.CheckpointSteps())
        {
            Arrived(step);
        }

        if (unreadable is not null)
        {
            throw unreadable;
        }

        if (finish is not null)
        {
            Finish(finish);
        }
    }

    /// <summary>A checkpoint is committed.</summary>
    internal void Arrived(long step)
    {
        lock (_gate)
        {
            if (!_told.Add(step))
            {
                return;
            }
        }

        Uses.Add(step);
        Handle.Arrived(step);
    }

    /// <summary>A checkpoint came too late to be kept.</summary>
    internal void Superseded(long step)
    {
        Uses.Settle(step, Storage.Stores.CheckpointUse.Passed);
        Handle.Superseded(step);
    }

    /// <summary>No more checkpoints come.</summary>
    internal void Finish(FinishMark mark)
    {
        lock (_gate)
        {
            if (_finished)
            {
                return;
            }

            _finished = true;
        }

        Handle.Finish(mark.Failed ? "the trainer said that it failed" : null);
    }
}
