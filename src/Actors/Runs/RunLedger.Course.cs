using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>The course of a training: taken up again from an earlier step, or broken.</summary>
internal sealed partial class RunLedger
{
    private bool _lossBroken;
    private bool _parametersBroken;

    /// <summary>The branch of the run: 1, and one more each time that it is taken up from an earlier step.</summary>
    public int Branch { get; private set; } = 1;

    /// <summary>Whether loss or parameters are not finite.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>
    /// A new branch begins: what is open from its first step on is given up, and those steps may come again.
    /// </summary>
    /// <param name="step">Its first step.</param>
    /// <param name="now">When.</param>
    public IReadOnlyList<MonitorEvent> BeginBranch(long step, DateTimeOffset now)
    {
        var events = new List<MonitorEvent>();
        foreach (long open in _pending.Keys.Where(open => open >= step).Order().ToList())
        {
            foreach (var kind in _pending[open].Open.ToList())
            {
                Give(new AnalysisDropped(run, now, open, kind, DropReason.Superseded));
            }

            if (_pending.TryGetValue(open, out var left) && left.IsLost)
            {
                Give(new CheckpointDropped(run, now, open, left.Reason) { Abandoned = true });
            }
        }

        Give(new RunBranched(run, now, step, Branch + 1));
        return events;

        void Give(MonitorEvent happened)
        {
            Apply(happened);
            events.Add(happened);
        }
    }

    /// <summary>A step told its loss; one that is unknown says nothing.</summary>
    public IReadOnlyList<MonitorEvent> JudgeLoss(long step, double? loss, DateTimeOffset now)
    {
        _lossBroken = loss is { } known ? !double.IsFinite(known) : _lossBroken;
        return Judge(step, $"the loss is {(loss is { } value && double.IsNaN(value) ? "NaN" : "infinite")}", now);
    }

    /// <summary>The parameters of a step were looked at.</summary>
    /// <param name="step">The step.</param>
    /// <param name="tensor">The tensor that is not finite; null where all are.</param>
    /// <param name="now">When.</param>
    public IReadOnlyList<MonitorEvent> JudgeParameters(long step, string? tensor, DateTimeOffset now)
    {
        _parametersBroken = tensor is not null;
        return Judge(step, $"'{tensor}' holds NaN or an infinity", now);
    }

    private IReadOnlyList<MonitorEvent> Judge(long step, string what, DateTimeOffset now) =>
        (_lossBroken || _parametersBroken) == HasDiverged ? []
        : HasDiverged ? Record(new TrainingRecovered(run, now, step))
        : Record(new TrainingDiverged(run, now, step, what));

    private void Apply(RunBranched branched)
    {
        Branch = branched.Branch;
        _taken.RemoveWhere(step => step >= branched.Step);
        _leftOpen.RemoveWhere(step => step >= branched.Step);
        foreach (var (kind, newest) in _newest.ToList())
        {
            _newest[kind] = Math.Min(newest, branched.Step - 1);
        }

        Totals.Count(branched);
        (_lossBroken, _parametersBroken) = (false, false);
    }
}
