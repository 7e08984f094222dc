using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Intake.Runs;

/// <summary>
/// The sessions in which a run's checkpoints were written: a start of the training each. One that is new and comes to a
/// step that was passed already begins a new branch of the run.
/// </summary>
internal sealed class WriterSessions
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _current;
    private long? _newest;

    /// <summary>What a checkpoint means.</summary>
    internal enum Verdict
    {
        /// <summary>The training goes on.</summary>
        Continues,

        /// <summary>The training was taken up again from an earlier step.</summary>
        Branches,

        /// <summary>It is of a session in whose place another one has come.</summary>
        IsOld,
    }

    /// <summary>Takes up what an earlier process knew.</summary>
    internal void Recall(MonitorEvent past)
    {
        switch (past)
        {
            case RunBranched branched:
                Branch(branched.Step);
                break;
            case CheckpointTaken taken:
                Note(taken.Session, taken.Step);
                break;
            default:
                break;
        }
    }

    /// <summary>What a checkpoint means. Writers that tell no session are one.</summary>
    internal Verdict Judge(string? session, long step) =>
        session is null || session == _current ? Verdict.Continues
        : _seen.Contains(session) ? Verdict.IsOld
        : step <= _newest ? Verdict.Branches
        : Verdict.Continues;

    /// <summary>A checkpoint is taken.</summary>
    internal void Note(string? session, long step)
    {
        if (session is not null && _seen.Add(session))
        {
            _current = session;
        }

        _newest = Math.Max(step, _newest ?? step);
    }

    /// <summary>A new branch begins.</summary>
    internal void Branch(long step) => _newest = step - 1;

    /// <summary>Whether a step was passed already.</summary>
    internal bool HasPassed(long step) => step <= _newest;
}
