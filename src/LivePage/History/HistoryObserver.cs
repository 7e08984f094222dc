using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.History;

/// <summary>Writes what the monitor sees into the history that the live page and the API read.</summary>
internal sealed class HistoryObserver(IRunRecorder recorder) : IMonitorObserver
{
    private readonly Dictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private readonly HashSet<string> _diverged = new(StringComparer.Ordinal);
    private readonly HashSet<string> _different = new(StringComparer.Ordinal);

    public void OnEvent(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case RunStarted started:
                _diverged.Remove(started.Description.Run);
                recorder.Start(started.Description);
                break;
            case TrainingProgressed progressed:
                recorder.Add(Point(progressed));
                break;
            case TrainingReported reported:
                TellDifference(reported);
                recorder.Add(
                    new TrainingPoint
                    {
                        Run = reported.Run,
                        Step = reported.Step,
                        Time = reported.Time,
                        Loss = reported.Loss,
                        LearningRate = reported.LearningRate,
                        BatchSize = reported.BatchSize,
                        Optimizer = reported.Optimizer,
                        LossText = reported.Loss is { } loss && !double.IsFinite(loss)
                            ? loss.ToString(CultureInfo.InvariantCulture)
                            : null,
                    }
                );
                break;
            case CheckpointMeasured measured:
                Record(measured);
                break;
            case RunDegraded degraded:
                Tell(
                    degraded,
                    RunEventKind.Dropped,
                    $"step {degraded.Step}: {degraded.Analysis.Label()} ended every worker that began it; the run has "
                        + $"a gap there"
                );
                break;
            case TrainerSilent silent:
                Tell(silent, RunEventKind.State, $"nothing heard from the trainer for {silent.Seconds:0.0} s");
                recorder.ChangeState(silent.Run!, RunState.Stale);
                break;
            case TrainerHeard heard:
                Tell(heard, RunEventKind.State, $"the trainer is heard again");
                recorder.ChangeState(
                    heard.Run!,
                    _diverged.Contains(heard.Run!) ? RunState.Diverged : RunState.Running
                );
                break;
            case TrainingDiverged diverged:
                _diverged.Add(diverged.Run!);
                Tell(
                    diverged,
                    RunEventKind.State,
                    $"the training has diverged: {diverged.What} since step {diverged.Step}"
                );
                recorder.Diverge(diverged.Run!, diverged.Step, diverged.What);
                break;
            case TrainingRecovered recovered:
                _diverged.Remove(recovered.Run!);
                Tell(
                    recovered,
                    RunEventKind.State,
                    $"loss and parameters are finite again since step {recovered.Step}"
                );
                recorder.Diverge(recovered.Run!, null, null);
                break;
            case RunBranched branched:
                Tell(
                    branched,
                    RunEventKind.State,
                    $"taken up again from an earlier step: branch {branched.Branch} begins at step {branched.Step}"
                );
                recorder.Branch(branched.Run!, branched.Branch, branched.Step);
                break;
            case CheckpointDropped dropped:
                Drop(dropped);
                break;
            case AnalysisFailed failed:
                Tell(
                    failed,
                    RunEventKind.Failed,
                    $"step {failed.Step}: {failed.Analysis.Label()} failed ({failed.Reason}): {failed.Message}"
                );
                break;
            case CheckpointNotSaved unsaved:
                Tell(unsaved, RunEventKind.Failed, $"step {unsaved.Step}: not saved: {unsaved.Message}");
                break;
            case ActorRestarted restarted:
                Tell(restarted, RunEventKind.Restarted, $"actor {restarted.Actor} was restarted: {restarted.Message}");
                break;
            case RunEnded ended:
                End(ended);
                break;
        }
    }

    // Once, and again when it had gone.
    private void TellDifference(TrainingReported reported)
    {
        if (reported.Difference is { } difference && _different.Add(reported.Run!))
        {
            Tell(
                reported,
                RunEventKind.Failed,
                $"step {reported.Step}: the outputs of the measured program differ by {difference:P1} of their size "
                    + $"from those of the model that is trained"
            );
        }
        else if (reported.Difference is null)
        {
            _different.Remove(reported.Run!);
        }
    }

    private static TrainingPoint Point(TrainingProgressed progressed) =>
        new()
        {
            Run = progressed.Run,
            Step = progressed.Step.Step,
            Time = progressed.Time,
            Loss = progressed.Step.Loss,
            LearningRate = progressed.Step.LearningRate,
            Accuracy = progressed.Evaluation?.Accuracy,
            BatchSize = progressed.Step.BatchSamples,
        };

    private void Record(CheckpointMeasured measured)
    {
        foreach (var point in MeasurementPoints.Of(measured))
        {
            recorder.Add(point);
        }
    }

    // Every drop is counted; superseded ones are everyday life and would bury the events that matter.
    private void Drop(CheckpointDropped dropped)
    {
        string run = dropped.Run!;
        _dropped[run] = _dropped.GetValueOrDefault(run) + 1;
        recorder.CountDropped(run, _dropped[run]);
        if (dropped.Reason != DropReason.Superseded)
        {
            Tell(
                dropped,
                RunEventKind.Dropped,
                $"step {dropped.Step}: dropped ({dropped.Reason.ToString().ToLowerInvariant()})"
            );
        }
    }

    private void End(RunEnded ended)
    {
        var summary = ended.Summary;
        bool failed = summary.Outcome is RunOutcome.Failed or RunOutcome.Diverged;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Outcome.ToString().ToLowerInvariant()} after {summary.Steps} "
                + $"steps{(summary.Failure is null ? "" : ": " + summary.Failure)}"
        );
        Tell(ended, RunEventKind.State, text);
        recorder.ChangeState(summary.Run, failed ? RunState.Failed : RunState.Finished);
    }

    private void Tell(MonitorEvent source, RunEventKind kind, FormattableString text) =>
        Tell(source, kind, text.ToString(CultureInfo.InvariantCulture));

    private void Tell(MonitorEvent source, RunEventKind kind, string text)
    {
        // An event without a run concerns the process; the history is by run.
        if (source.Run is { } run)
        {
            recorder.Add(
                new RunEvent
                {
                    Run = run,
                    Time = source.Time,
                    Kind = kind,
                    Text = text,
                }
            );
        }
    }
}
