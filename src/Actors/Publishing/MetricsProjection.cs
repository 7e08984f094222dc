using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>What each event means for the metrics.</summary>
internal sealed class MetricsProjection(CurvatureMetrics metrics)
{
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);

    public void Apply(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case RunStarted started:
                Start(started.Description);
                break;
            case ActorRestarted restarted:
                metrics.ActorRestarted(restarted.Actor);
                break;
            case { Run: { } name } when _runs.TryGetValue(name, out var run):
                using (run.Metrics.BeginUpdate())
                {
                    Apply(monitorEvent, run);
                }

                break;
            default:
                break;
        }
    }

    private void Start(RunDescription description)
    {
        _runs[description.Run] = new Run(metrics.StartRun(description), description);
    }

    private void Apply(MonitorEvent monitorEvent, Run run)
    {
        switch (monitorEvent)
        {
            case TrainingProgressed progress:
                var step = progress.Step;
                run.Metrics.ReportTraining(
                    new TrainingSample(
                        step.Step,
                        step.Loss,
                        step.LearningRate,
                        run.Description.Momentum,
                        step.BatchSamples
                    )
                    {
                        GradientNorm = step.GradientNorm,
                        Damping = run.Description.Damping,
                    }
                );
                if (progress.Evaluation is { Accuracy: { } accuracy })
                {
                    run.Metrics.ReportAccuracy(accuracy);
                }

                break;
            case TrainingReported reported:
                run.Metrics.ReportTraining(
                    new TrainingSample(
                        reported.Step,
                        reported.Loss,
                        reported.LearningRate,
                        run.Description.Momentum,
                        reported.BatchSize
                    )
                    {
                        Damping = run.Description.Damping,
                    }
                );
                break;
            case CheckpointTaken taken:
                run.Metrics.CheckpointEmitted(taken.Time);
                break;
            case CheckpointDropped dropped:
                run.Metrics.CheckpointDropped(dropped.Reason);
                break;
            case CheckpointMeasured measured:
                new MeasurementProjection(run.Metrics, run.Description).Apply(measured);
                break;
            case AnalysisFailed failed:
                var outcome = failed.Reason switch
                {
                    JobFailureReason.Cancelled => JobOutcome.Cancelled,
                    JobFailureReason.TimedOut => JobOutcome.Timeout,
                    _ => JobOutcome.Failed,
                };
                run.Metrics.JobEnded(failed.Analysis.Label(), outcome, TimeSpan.FromSeconds(failed.Seconds));
                run.Metrics.JobFailed(failed.Analysis.Label(), Label(failed.Reason));
                run.Metrics.ReportOverhead(failed.OverheadShare);
                break;
            case RunDegraded:
                run.Metrics.Degrade();
                break;
            case TrainerSilent:
                run.Metrics.SetState(RunState.Stale);
                break;
            case TrainerHeard when run.Metrics.IsServed:
                run.Metrics.SetState(RunState.Running);
                break;
            case TrainerHeard:
                // Its series went after the grace period, and begin anew.
                Start(run.Description);
                break;
            case RunEnded ended:
                End(ended, run.Metrics);
                break;
            default:
                break;
        }
    }

    private static string Label(JobFailureReason reason) =>
        reason switch
        {
            JobFailureReason.OutOfMemory => "out_of_memory",
            JobFailureReason.UnsupportedOperation => "unsupported_operation",
            JobFailureReason.NonFinite => "non_finite",
            JobFailureReason.InvalidCheckpoint => "invalid_checkpoint",
            JobFailureReason.Crashed => "crashed",
            JobFailureReason.TimedOut => "timed_out",
            _ => "cancelled",
        };

    private void End(RunEnded ended, RunMetrics run)
    {
        if (ended.Summary.OverheadShare is { } share)
        {
            run.ReportOverhead(share);
        }

        run.SetState(
            ended.Summary.Outcome is RunOutcome.Finished or RunOutcome.Stopped ? RunState.Finished : RunState.Failed,
            ended.Time
        );
        _runs.Remove(ended.Summary.Run);
    }

    private sealed record Run(RunMetrics Metrics, RunDescription Description);
}
