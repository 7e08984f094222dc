using CurvatureMonitor.Actors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Intake.Retention;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Runs;

/// <summary>
/// A run whose checkpoints come from outside: its bundle, and the monitor's handle on it. Thread-safe.
/// </summary>
internal sealed class IntakeRun
{
    // On a network file system every look at a file costs: of the many old ones a tenth is looked at each time.
    private const int LookedAtEachTime = 1000;
    private const int Turns = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Told> _told = [];
    private readonly WriterSessions _sessions;
    private readonly RefusedCheckpoints _refused;
    private long _scans;
    private bool _finished;

    internal IntakeRun(
        RunBundle bundle,
        IntakeHandle handle,
        CheckpointUses uses,
        WriterSessions sessions,
        RefusedCheckpoints refused
    )
    {
        (Bundle, Handle, Uses) = (bundle, handle, uses);
        (_sessions, _refused) = (sessions, refused);
    }

    internal string Name => Bundle.Manifest.Run;

    internal RunBundle Bundle { get; }

    /// <summary>What its bundle was when it began: <see cref="RunBundle.Fingerprint"/>.</summary>
    internal required string Fingerprint { get; init; }

    internal IntakeHandle Handle { get; }

    internal CheckpointUses Uses { get; }

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

        var steps = Bundle.CheckpointSteps();
        _scans++;
        for (var i = 0; i < steps.Count; i++)
        {
            Look(steps[i], every: steps.Count - i <= LookedAtEachTime || (i + _scans) % Turns == 0);
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

    /// <summary>What became of a checkpoint: one that was refused is tried again when its files change.</summary>
    internal void Hear(MonitorEvent happened)
    {
        lock (_gate)
        {
            _refused.Hear(happened);
        }
    }

    /// <summary>What a checkpoint that is sent means to the run.</summary>
    internal WriterSessions.Verdict Judge(CheckpointInfo info)
    {
        lock (_gate)
        {
            return _sessions.Judge(info.Session, info.Step);
        }
    }

    /// <summary>A checkpoint is committed that was judged, in a bundle of the server's own.</summary>
    internal void Arrived(CheckpointInfo info)
    {
        lock (_gate)
        {
            if (_told.TryAdd(info.Step, ToldOf(info.Step, info.Time)))
            {
                Tell(info.Step, info.Session);
            }
        }
    }

    /// <summary>A new branch begins: what came from its first step on may come again.</summary>
    internal void BeginBranch(long step)
    {
        lock (_gate)
        {
            Branch(step);
        }
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

    /// <summary>Its folder holds another run of its name now: it has ended, and that one begins.</summary>
    internal void Replace()
    {
        lock (_gate)
        {
            _finished = true;
        }

        Handle.Finish("its folder holds another run now");
    }

    // A committed checkpoint of a folder: new, or told already and changed since.
    private void Look(long step, bool every)
    {
        lock (_gate)
        {
            bool known = _told.TryGetValue(step, out var told);
            var refused = _refused.TimeOf(step);
            if (known && !every && refused is null)
            {
                return;
            }

            if (known && IsUnchanged(step, told))
            {
                return;
            }

            var info = InfoOf(step);
            var verdict = info is null ? WriterSessions.Verdict.Continues : _sessions.Judge(info.Session, step);
            bool rewritten = known && info is { Session: null } && info.Time != told.Time && refused is null;
            var now = _told[step] = ToldOf(step, info?.Time ?? default);
            if (verdict == WriterSessions.Verdict.Branches || rewritten)
            {
                Branch(step);
                _told[step] = now;
                Tell(step, info!.Session);
            }
            else if (refused is not null)
            {
                // Of an earlier process only the time is known at which it was refused.
                if (known || WrittenAt(step) > refused)
                {
                    _refused.Remove(step);
                    Tell(step, info?.Session, again: true);
                }
                else
                {
                    Tell(step, info?.Session);
                }
            }
            else if (!known && (verdict != WriterSessions.Verdict.IsOld || _sessions.HasPassed(step)))
            {
                Tell(step, info?.Session);
            }
        }
    }

    private void Tell(long step, string? session, bool again = false)
    {
        _sessions.Note(session, step);
        Uses.Add(step);
        Handle.Arrived(step, session, again);
    }

    private void Branch(long step)
    {
        _sessions.Branch(step);
        foreach (long later in _told.Keys.Where(told => told >= step).ToList())
        {
            _told.Remove(later);
        }

        _refused.Branch(step);
        Uses.Forget(step);
        Handle.Branched(step);
    }

    // A file that cannot be read is the run's to refuse: here it is one without a session.
    private CheckpointInfo? InfoOf(long step)
    {
        try
        {
            return Bundle.ReadCheckpointInfo(step);
        }
        catch (BundleException)
        {
            return null;
        }
    }

    private Told ToldOf(long step, DateTimeOffset time) => new(Bundle.CommittedAt(step), Stamp(step), time);

    // What commits a checkpoint is looked at alone, unless its tensors may be what was refused.
    private bool IsUnchanged(long step, Told told) =>
        _refused.TimeOf(step) is not null ? told.Stamp == Stamp(step) : told.Committed == Bundle.CommittedAt(step);

    private string Stamp(long step) => string.Join('|', Files(step).Select(file => $"{file.Ticks}:{file.Length}"));

    private DateTimeOffset WrittenAt(long step) =>
        new(Files(step).Select(file => file.Ticks).DefaultIfEmpty(0).Max(), TimeSpan.Zero);

    private readonly record struct Told(DateTime Committed, string Stamp, DateTimeOffset Time);

    private IEnumerable<(long Ticks, long Length)> Files(long step)
    {
        foreach (string path in Bundle.CheckpointFiles(step))
        {
            var file = new FileInfo(path);
            if (file.Exists)
            {
                yield return (file.LastWriteTimeUtc.Ticks, file.Length);
            }
        }
    }
}
