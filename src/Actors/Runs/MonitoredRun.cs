using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Storage;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// The state of a run, without its actor: the ledger, the open jobs and the checkpoints that they need. A command
/// returns what has to be published and offered.
/// </summary>
internal sealed partial class MonitoredRun
{
    private readonly MonitoringRequest _request;
    private readonly RunResources _resources;
    private readonly bool _keepsJobs;
    private readonly TimeProvider _time;
    private readonly RunLedger _ledger;
    private readonly OverheadMeter _overhead;
    private readonly RunJobs _jobs;
    private TrainingEnded? _ended;

    /// <summary>Opens the books of a run.</summary>
    /// <param name="request">What is monitored, and how it is measured.</param>
    /// <param name="resources">The run's objective and checkpoints.</param>
    /// <param name="keepsJobs">Whether jobs outlive this process.</param>
    /// <param name="time">The clock.</param>
    public MonitoredRun(MonitoringRequest request, RunResources resources, bool keepsJobs, TimeProvider time)
    {
        (_request, _resources, _keepsJobs, _time) = (request, resources, keepsJobs, time);
        _ledger = new RunLedger(request.Run);
        _overhead = new OverheadMeter(time, request.OverheadBudget, request.Analyses[0].Kind);
        _jobs = new RunJobs(_overhead);
    }

    /// <summary>The run's books.</summary>
    public RunLedger Ledger => _ledger;

    /// <summary>Whether every job is answered.</summary>
    public bool IsIdle => _jobs.IsEmpty;

    /// <summary>Whether the training has ended and every job is answered.</summary>
    public bool IsDone => _ended is not null && _jobs.IsEmpty;

    /// <summary>How long until the budget allows another job; null where there is nothing to wait for.</summary>
    public TimeSpan? Wait => _jobs.Wait;

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Continues from where an earlier process was.</summary>
    public RunEffects Resume(IEnumerable<MonitorEvent> history)
    {
        _ledger.Recover(history);
        var lost = _ledger.DropLost(Now);

        // Where jobs outlive a process, the answer to one that was overtaken may be on its way.
        return RunEffects.Of([.. lost, .. _keepsJobs ? [] : _ledger.DropOvertaken(Now)]);
    }

    /// <summary>A step was made.</summary>
    public RunEffects Progress(TrainingProgress made) =>
        Record(new TrainingProgressed(_request.Run, made.Time, made.Step, made.Evaluation));

    /// <summary>A checkpoint from outside tells where its training is.</summary>
    public RunEffects Report(TrainingReport report)
    {
        var told = report.Optimizer is { } state ? OptimizerDescription.Of(state) : null;
        var reported = new TrainingReported(
            _request.Run,
            report.Time,
            report.Step,
            report.Loss,
            told is null ? report.LearningRate : told.LearningRate,
            report.BatchSize ?? _resources.Probe.Optimizer.BatchSize
        )
        {
            Optimizer = told?.Name,
            Momentum = told?.Momentum,
            Damping = told?.Damping,
            Difference = report.Difference,
        };
        return Record(reported).Then(RunEffects.Of(_ledger.JudgeLoss(report.Step, report.Loss, report.Time)));
    }

    /// <summary>A checkpoint was emitted: it is saved, and due jobs are held until they may be offered.</summary>
    /// <param name="emitted">The checkpoint.</param>
    /// <param name="stopping">Whether nothing new is measured.</param>
    public RunEffects Emit(CheckpointEmitted emitted, bool stopping)
    {
        var info = emitted.Info;
        bool again = _keepsJobs && _ledger.LeftOpen.Contains(info.Step);
        var effects = RunEffects
            .Of(
                _ledger.Take(
                    info.Step,
                    info.Time,
                    emitted.Final,
                    stopping ? [] : DueOf(emitted.Final),
                    info.Session,
                    emitted.Again
                )
            )
            .Then(RunEffects.Of(_ledger.JudgeParameters(info.Step, null, Now)));
        foreach (var kind in _ledger.OpenAnalyses(info.Step).ToList())
        {
            var job = new OpenJob(IdOf(info.Step, kind), info, emitted.Final);
            if (again)
            {
                // It was offered before, and may be under way or done: no question of its cost, nor of newer ones.
                _jobs.Offer(job);
                effects = effects.Then(new RunEffects([], [job.Id]));
            }
            else if (_jobs.Hold(job) is { } older)
            {
                effects = effects.Then(Drop(older.Id, DropReason.Superseded));
            }
        }

        effects = effects.Then(Save(info.Step));
        ReleaseIfDone(info.Step);
        return effects.Then(OfferHeld());
    }

    /// <summary>A checkpoint from outside will not be read.</summary>
    public RunEffects Skip(CheckpointSkipped skipped, bool stopping) =>
        PassOver(
            skipped.Step,
            skipped.Time,
            stopping,
            (skipped.Session, false),
            job => RunEffects.Of(_ledger.Drop(job, skipped.Reason, Now))
        );

    /// <summary>A checkpoint from outside cannot be used.</summary>
    public RunEffects Refuse(CheckpointRefused refused, bool stopping)
    {
        var effects = PassOver(
            refused.Step,
            refused.Time,
            stopping,
            (refused.Session, refused.Again),
            job => Fail(new JobFailed(job, JobFailureReason.InvalidCheckpoint, refused.Message, 0, 1))
        );
        return refused.NonFinite is { } tensor
            ? effects.Then(RunEffects.Of(_ledger.JudgeParameters(refused.Step, tensor, Now)))
            : effects;
    }

    /// <summary>A job is answered; a second answer to the same job has no effect.</summary>
    public RunEffects Answer(JobAnswer answer)
    {
        double seconds = (answer as Measured)?.Cost.Seconds ?? (answer as JobFailed)?.Seconds ?? 0;
        if (_jobs.Close(answer.Id, seconds) is not { } job)
        {
            return RunEffects.Of();
        }

        var effects = answer switch
        {
            Measured measured => Measure(measured, job),
            JobFailed { Reason: JobFailureReason.TimedOut } late => Degrade(late.Id).Then(Fail(late)),
            JobFailed failed => Fail(failed),
            JobDropped { Reason: DropReason.Poison } => Degrade(answer.Id).Then(Drop(answer.Id, DropReason.Poison)),
            _ => Drop(answer.Id, ((JobDropped)answer).Reason),
        };
        ReleaseIfDone(answer.Id.Step);
        return effects.Then(OfferHeld());
    }

    /// <summary>Offers what the budget allows.</summary>
    public RunEffects OfferHeld()
    {
        // After the end nothing is left to slow down, and the last state is the one that counts.
        bool unlimited = _ended is not null || _request is IntakeRequest { MeasureAll: true };
        return new RunEffects([], [.. _jobs.Offer(unlimited).Select(job => job.Id)]);
    }

    /// <summary>The training has ended; told twice, the first end counts.</summary>
    public RunEffects End(TrainingEnded ended)
    {
        _ended ??= ended;
        return OfferHeld();
    }

    /// <summary>Gives up the jobs that wait here.</summary>
    public RunEffects RejectHeld() => Reject(_jobs.TakeHeld());

    /// <summary>Gives up the jobs that were offered.</summary>
    public RunEffects RejectOffered() => Reject(_jobs.TakeOffered());

    /// <summary>The last event of the run, once its training has ended.</summary>
    public RunEnded Summarise() => new(Now, _ledger.Summarise(_ended!, _overhead));

    /// <summary>The analyses that a new checkpoint is due for by their cadence.</summary>
    private IReadOnlyList<AnalysisKind> DueOf(bool final) =>
        [
            .. _request
                .Analyses.Where(cadence => cadence.IsDue(_ledger.Checkpoints.Emitted, final))
                .Select(cadence => cadence.Kind),
        ];

    // By the server's choice, not by the cadence: all analyses are counted.
    private RunEffects PassOver(
        long step,
        DateTimeOffset at,
        bool stopping,
        (string? Session, bool Again) writer,
        Func<JobId, RunEffects> account
    )
    {
        IReadOnlyList<AnalysisKind> all = stopping ? [] : [.. _request.Analyses.Select(each => each.Kind)];
        var effects = RunEffects.Of(_ledger.Take(step, at, final: false, all, writer.Session, writer.Again));
        foreach (var kind in _ledger.OpenAnalyses(step).ToList())
        {
            effects = effects.Then(account(IdOf(step, kind)));
        }

        return effects;
    }

    // Here, not in the trainer: a slow disk must not hold up a step.
    private RunEffects Save(long step)
    {
        try
        {
            using var checkpoint = _request.Store is null ? null : _resources.Retain(step);
            if (checkpoint is not null)
            {
                _request.Store!.Put(checkpoint);
            }

            return RunEffects.Of();
        }
        catch (Exception exception) when (exception is BundleException or IOException or UnauthorizedAccessException)
        {
            return Record(new CheckpointNotSaved(_request.Run, Now, step, exception.Message));
        }
    }

    private RunEffects Measure(Measured measured, OpenJob job) =>
        Record(
            MeasuredEvents.Of(
                measured,
                Now,
                _resources.Probe.Optimizer.AtCheckpoint(job.Checkpoint),
                job.Checkpoint.Difference,
                _ledger.Totals.Step,
                _overhead.Share
            )
        );

    private RunEffects Degrade(JobId id) => RunEffects.Of(new RunDegraded(_request.Run, Now, id.Step, id.Analysis));

    private RunEffects Fail(JobFailed failed) =>
        Record(
            new AnalysisFailed(
                _request.Run,
                Now,
                failed.Id.Step,
                failed.Id.Analysis,
                failed.Reason,
                failed.Message,
                failed.Seconds,
                failed.Attempts,
                _overhead.Share
            )
            {
                Branch = failed.Id.Branch,
            }
        );

    private RunEffects Reject(IReadOnlyList<OpenJob> jobs) =>
        jobs.Aggregate(RunEffects.Of(), (effects, job) => effects.Then(Drop(job.Id, DropReason.Rejected)));

    private RunEffects Drop(JobId id, DropReason reason)
    {
        var effects = RunEffects.Of(_ledger.Drop(id, reason, Now));
        ReleaseIfDone(id.Step);
        return effects;
    }

    private RunEffects Record(MonitorEvent happened) => RunEffects.Of(_ledger.Record(happened));

    private void ReleaseIfDone(long step)
    {
        if (!_jobs.Needs(step))
        {
            _resources.Release(step);
        }
    }
}
