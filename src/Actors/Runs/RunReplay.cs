using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// Brings a run's books to where an earlier process left them, event by event. Invariant: the ledger's pending
/// checkpoints are the keys of <see cref="Open"/>, each with as many open analyses as its set has.
/// </summary>
internal sealed class RunReplay(CheckpointLedger ledger, RunTotals totals, TrainerPulse? pulse = null)
{
    private readonly HashSet<long> _taken = [];
    private readonly Dictionary<long, HashSet<AnalysisKind>> _open = [];
    private readonly Dictionary<AnalysisKind, long> _newest = [];

    /// <summary>Every step that was taken.</summary>
    public IReadOnlySet<long> Taken => _taken;

    /// <summary>The analyses of each step that are not accounted for.</summary>
    public Dictionary<long, HashSet<AnalysisKind>> Open => _open;

    public void Apply(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case TrainingReported reported:
                totals.Count(reported.Step, reported.Loss);
                break;
            case TrainerSilent or TrainerHeard when pulse is not null:
                pulse.IsSilent = monitorEvent is TrainerSilent;
                break;
            case CheckpointTaken taken when _taken.Add(taken.Step):
                _open.Add(taken.Step, [.. taken.Analyses]);
                if (ledger.Emit(taken.Step, taken.Analyses.Count) is not null)
                {
                    _open.Remove(taken.Step);
                }

                break;
            case CheckpointMeasured measured when Close(measured.Step, measured.Analysis):
                ledger.AnalysisMeasured(measured.Step);
                totals.Count(measured);
                break;
            case AnalysisFailed failed when Close(failed.Step, failed.Analysis):
                ledger.AnalysisFailed(failed.Step);
                break;
            case CheckpointDropped dropped when _open.Remove(dropped.Step, out var analyses):
                foreach (var _ in analyses)
                {
                    ledger.AnalysisDropped(dropped.Step, dropped.Reason);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Gives up what a later checkpoint has overtaken: the latest wins across a restart too.</summary>
    /// <returns>The checkpoints that are dropped by it.</returns>
    public IReadOnlyList<long> DropOvertaken()
    {
        var dropped = new List<long>();
        foreach (var (step, analyses) in _open.OrderBy(pair => pair.Key).ToList())
        {
            foreach (
                var kind in analyses.Where(kind => _newest.TryGetValue(kind, out long newest) && newest > step).ToList()
            )
            {
                analyses.Remove(kind);
                if (ledger.AnalysisDropped(step, DropReason.Superseded) is not null)
                {
                    dropped.Add(step);
                }
            }

            if (analyses.Count == 0)
            {
                _open.Remove(step);
            }
        }

        return dropped;
    }

    private bool Close(long step, AnalysisKind kind)
    {
        if (!_open.TryGetValue(step, out var analyses) || !analyses.Remove(kind))
        {
            return false;
        }

        _newest[kind] = Math.Max(step, _newest.GetValueOrDefault(kind));
        if (analyses.Count == 0)
        {
            _open.Remove(step);
        }

        return true;
    }
}
