using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// The books of one run. A command returns the events that happen by it; <see cref="Apply(MonitorEvent)"/> alone
/// changes the state, so that a run that is recovered from its journal has the books of one that never stopped. Every
/// emitted checkpoint is accounted for exactly once.
/// </summary>
/// <param name="run">The run's name.</param>
internal sealed partial class RunLedger(string run)
{
    private readonly HashSet<long> _taken = [];
    private readonly Dictionary<long, PendingCheckpoint> _pending = [];
    private readonly HashSet<long> _leftOpen = [];
    private readonly Dictionary<AnalysisKind, long> _newest = [];

    /// <summary>The checkpoints, counted.</summary>
    public CheckpointCounts Checkpoints { get; } = new();

    /// <summary>Sums and latest values.</summary>
    public RunTotals Totals { get; } = new();

    /// <summary>Checkpoints that are not accounted for.</summary>
    public int Pending => _pending.Count;

    /// <summary>Every step that was taken.</summary>
    public IReadOnlyCollection<long> Taken => _taken;

    /// <summary>The steps that an earlier process left open and that were not taken up again yet.</summary>
    public IReadOnlyCollection<long> LeftOpen => _leftOpen;

    /// <summary>Whether the trainer counts as silent.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>The analyses of a checkpoint that are not accounted for.</summary>
    public IReadOnlyCollection<AnalysisKind> OpenAnalyses(long step) =>
        _pending.TryGetValue(step, out var checkpoint) ? checkpoint.Open : [];

    /// <summary>Brings the books to where an earlier process left them.</summary>
    /// <param name="history">Its events, the oldest first.</param>
    public void Recover(IEnumerable<MonitorEvent> history)
    {
        foreach (var past in history)
        {
            Apply(past);
        }

        _leftOpen.UnionWith(_pending.Keys);
    }

    /// <summary>Something happened.</summary>
    /// <returns>It, and what follows from it: the loss of its checkpoint, where no analysis of it is left.</returns>
    public IReadOnlyList<MonitorEvent> Record(MonitorEvent happened)
    {
        Apply(happened);
        long? step = happened switch
        {
            CheckpointTaken taken => taken.Step,
            AnalysisFailed failed => failed.Step,
            AnalysisDropped dropped => dropped.Step,
            _ => null,
        };
        if (step is not { } affected || !_pending.TryGetValue(affected, out var checkpoint) || !checkpoint.IsLost)
        {
            return [happened];
        }

        var lost = new CheckpointDropped(run, happened.Time, affected, checkpoint.Reason);
        Apply(lost);
        return [happened, lost];
    }

    /// <summary>A checkpoint is emitted. One that an earlier process left open is taken up again.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="emitted">When it was emitted.</param>
    /// <param name="final">Whether it is the run's last.</param>
    /// <param name="due">The analyses that it is due for, if it is a new one.</param>
    /// <param name="session">The writer's session; null where it is not known.</param>
    /// <param name="again">Whether it was refused before, and is another try.</param>
    public IReadOnlyList<MonitorEvent> Take(
        long step,
        DateTimeOffset emitted,
        bool final,
        IReadOnlyList<AnalysisKind> due,
        string? session = null,
        bool again = false
    ) =>
        _leftOpen.Remove(step)
            ? []
            : Record(
                new CheckpointTaken(run, emitted, step, final)
                {
                    Analyses = due,
                    Session = session,
                    Again = again,
                }
            );

    /// <summary>An analysis of a checkpoint will not be made.</summary>
    public IReadOnlyList<MonitorEvent> Drop(JobId job, DropReason reason, DateTimeOffset now) =>
        Record(new AnalysisDropped(run, now, job.Step, job.Analysis, reason));

    /// <summary>Drops what a later checkpoint has overtaken: the latest wins across a restart too.</summary>
    public IReadOnlyList<MonitorEvent> DropOvertaken(DateTimeOffset now)
    {
        var overtaken =
            from pending in _pending.OrderBy(pair => pair.Key)
            from kind in pending.Value.Open
            where _newest.TryGetValue(kind, out long newest) && newest > pending.Key
            select new JobId(run, pending.Key, kind);
        var events = overtaken.ToList().SelectMany(job => Drop(job, DropReason.Superseded, now)).ToList();
        _leftOpen.IntersectWith(_pending.Keys);
        return events;
    }

    /// <summary>The checkpoints that an earlier process stopped short of dropping.</summary>
    public IReadOnlyList<MonitorEvent> DropLost(DateTimeOffset now)
    {
        List<MonitorEvent> lost =
        [
            .. _pending
                .Where(pair => pair.Value.IsLost)
                .OrderBy(pair => pair.Key)
                .Select(pair => new CheckpointDropped(run, now, pair.Key, pair.Value.Reason)),
        ];
        lost.ForEach(Apply);
        _leftOpen.IntersectWith(_pending.Keys);
        return lost;
    }

    /// <summary>The trainer was heard: ends its silence.</summary>
    public IReadOnlyList<MonitorEvent> Hear(DateTimeOffset now) =>
        IsSilent ? Record(new TrainerHeard(run, now)) : [];

    /// <summary>An event of the run happened, now or in an earlier process.</summary>
    public void Apply(MonitorEvent happened)
    {
        switch (happened)
        {
            case TrainingProgressed progressed:
                Totals.Count(progressed);
                break;
            case TrainingReported reported:
                Totals.Count(reported);
                break;
            case TrainerSilent or TrainerHeard:
                IsSilent = happened is TrainerSilent;
                break;
            case CheckpointTaken taken when _taken.Add(taken.Step) || taken.Again:
                Checkpoints.Emit();
                _pending[taken.Step] = new PendingCheckpoint(taken.Analyses);
                break;
            case RunBranched branched:
                Apply(branched);
                break;
            case TrainingDiverged or TrainingRecovered:
                HasDiverged = happened is TrainingDiverged;
                break;
            case CheckpointMeasured measured when Closes(measured.Step, measured.Analysis, out var checkpoint):
                checkpoint.Measured = true;
                _newest[measured.Analysis] = Math.Max(measured.Step, _newest.GetValueOrDefault(measured.Analysis));
                Totals.Count(measured);
                CloseIfDone(measured.Step, checkpoint);
                break;
            case AnalysisFailed failed when Closes(failed.Step, failed.Analysis, out var checkpoint):
                // A job that was given up at the end is no failure of anything: the checkpoint was refused.
                checkpoint.Failed |= failed.Reason != JobFailureReason.Cancelled;
                checkpoint.Reason = DropReason.Rejected;
                CloseIfDone(failed.Step, checkpoint);
                break;
            case AnalysisDropped dropped when Closes(dropped.Step, dropped.Analysis, out var checkpoint):
                checkpoint.Reason = dropped.Reason;
                CloseIfDone(dropped.Step, checkpoint);
                break;
            case CheckpointDropped dropped when _pending.Remove(dropped.Step, out var checkpoint):
                // Journals of earlier versions name no analyses here: all that were open are meant.
                Checkpoints.Close(checkpoint, dropped.Reason);
                break;
            default:
                break;
        }
    }

    /// <summary>The run's summary.</summary>
    /// <param name="ended">How its training ended.</param>
    /// <param name="overhead">The cost of measuring.</param>
    public RunSummary Summarise(TrainingEnded ended, OverheadMeter overhead) =>
        new()
        {
            Run = run,
            Outcome = ended.Outcome,
            Failure = ended.Failure,
            Steps = Totals.Step,
            FinalLoss = Totals.Loss,
            FinalAccuracy = Totals.Accuracy,
            Emitted = Checkpoints.Emitted,
            Measured = Checkpoints.Measured,
            Failed = Checkpoints.Failed,
            Dropped = Checkpoints.Dropped.ToDictionary(),
            Measurements = Totals.Measurements,
            CurvatureProducts = Totals.Products,
            WallSeconds = overhead.WallSeconds,
            TrainingSeconds = ended.StepSeconds,
            EmittingSeconds = ended.EmittingSeconds,
            CurvatureSeconds = overhead.Seconds,
            OverheadShare = overhead.Share,
            PeakBytes = Totals.PeakBytes,
        };

    private bool Closes(long step, AnalysisKind kind, out PendingCheckpoint checkpoint) =>
        _pending.TryGetValue(step, out checkpoint!) && checkpoint.Open.Remove(kind);

    private void CloseIfDone(long step, PendingCheckpoint checkpoint)
    {
        if (checkpoint.Open.Count == 0 && !checkpoint.IsLost)
        {
            _pending.Remove(step);
            Checkpoints.Close(checkpoint, checkpoint.Reason);
        }
    }
}
