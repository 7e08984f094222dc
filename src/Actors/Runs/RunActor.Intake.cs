using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <content>
/// What a run does whose checkpoints come from outside: it goes on where an earlier process was, and not every
/// checkpoint can be used.
/// </content>
internal sealed partial class RunActor
{
    /// <summary>Goes on from where an earlier process was.</summary>
    /// <returns>Whether there was one.</returns>
    private bool Resume(IntakeRequest intake)
    {
        var known = false;
        foreach (var past in intake.History.Where(past => past is not RunEnded))
        {
            known = true;
            _replay.Apply(past);
            _context.Metrics.Tell(new Replay(past, ToMetrics: true));
        }

        // Where jobs outlive a process, the answer to one that was overtaken may be on its way.
        foreach (long step in _context.Dispatcher.KeepsJobs ? [] : _replay.DropOvertaken())
        {
            TellDropped(step, DropReason.Superseded);
        }

        return known;
    }

    private void Reported(TrainingReport report)
    {
        _totals.Count(report.Step, report.Loss);
        Tell(
            new TrainingReported(
                Run,
                report.Time,
                report.Step,
                report.Loss,
                report.LearningRate,
                _context.Probe.Optimizer.BatchSize
            )
        );
    }

    private void Skipped(CheckpointSkipped skipped)
    {
        // Passed over by the server's choice, not by the cadence.
        foreach (var _ in Account(skipped.Step, skipped.Time, final: false, passed: true))
        {
            TellDropped(skipped.Step, _ledger.AnalysisDropped(skipped.Step, skipped.Reason));
        }

        TellIfIdle();
        SettleIfResumed();
    }

    private void Refused(CheckpointRefused refused)
    {
        foreach (var kind in Account(refused.Step, refused.Time, final: false, passed: true))
        {
            TellDropped(refused.Step, _ledger.AnalysisFailed(refused.Step));
            Tell(
                new AnalysisFailed(
                    Run,
                    Now,
                    refused.Step,
                    kind,
                    JobFailureReason.InvalidCheckpoint,
                    refused.Message,
                    0,
                    1,
                    _overhead.Share
                )
            );
        }

        TellIfIdle();
        SettleIfResumed();
    }

    private void SettleIfResumed()
    {
        if (!_settled && _replay.Open.Count == 0)
        {
            _settled = true;
            _context.Dispatcher.Settled(Run);
        }
    }

    private void ToSource(object message) => _trainer.Tell(message);

    private void TellIfIdle()
    {
        if (_request is IntakeRequest && _held.Count == 0 && _offered.Count == 0)
        {
            _trainer.Tell(RunIdle.Instance);
        }
    }
}
