using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>What a run decides, message by message.</summary>
public sealed class RunActorTests
{
    [Fact]
    public async Task Under_a_budget_no_job_starts_while_its_share_of_time_is_exceeded_and_the_final_one_always_does()
    {
        const double Budget = 0.2;
        await using var run = new ScriptedRun(TinyRuns.Request() with { OverheadBudget = Budget });
        await run.Settled(); // its time begins when it does
        await run.Advance(0.1);
        var (spent, elapsed, measured) = (0.0, 0.1, new List<long>());
        for (var step = 1; step <= 41; step++)
        {
            await run.Advance(0.25);
            elapsed += 0.25;
            await run.Emit(step, final: step == 41);
            foreach (var job in run.Dispatcher.Offered.Skip(measured.Count))
            {
                Assert.True(
                    job.Id.Step == 41 || spent <= Budget * elapsed,
                    $"step {job.Id.Step}: {spent} s of {elapsed} s"
                );
                await run.Advance(1);
                elapsed += 1;
                await run.Measure(job.Id.Step, seconds: 1);
                spent += 1;
                measured.Add(job.Id.Step);
            }
        }

        await run.EndTraining();
        var summary = (await run.Observer.First<RunEnded>()).Summary;

        // One second of every five may be measuring: 16 steps of a quarter second lie between.
        Assert.Equal([1L, 15, 31, 41], measured);
        Assert.Equal(41, summary.Emitted);
        Assert.Equal(4, summary.Measured);
        Assert.Equal(37, summary.Dropped[DropReason.Superseded]);
        Assert.Equal(4, summary.CurvatureSeconds);
        Assert.Equal(spent / elapsed, summary.OverheadShare!.Value, 9);
    }

    [Fact]
    public async Task A_checkpoint_held_back_is_offered_when_the_share_has_fallen_though_nothing_else_happens()
    {
        await using var run = new ScriptedRun(TinyRuns.Request() with { OverheadBudget = 0.5 });
        await run.Emit(1);
        await run.Advance(1);
        await run.Measure(1, seconds: 1);
        await run.Emit(2);
        await run.Advance(0.9);
        Assert.Equal([1L], run.Dispatcher.Offered.Select(job => job.Id.Step));
        await run.Advance(0.2);
        Assert.Equal([1L, 2L], run.Dispatcher.Offered.Select(job => job.Id.Step));
    }

    [Fact]
    public async Task Under_a_budget_jobs_go_one_by_one_since_the_cost_of_one_decides_on_the_next()
    {
        var request = TinyRuns.Request() with
        {
            OverheadBudget = 0.9,
            Analyses = [new(AnalysisKind.Spectrum), new(AnalysisKind.Sharpness)],
        };
        await using var run = new ScriptedRun(request);
        await run.Emit(1);
        Assert.Equal(AnalysisKind.Spectrum, Assert.Single(run.Dispatcher.Offered).Id.Analysis);
        await run.Advance(10);
        await run.Emit(2);
        Assert.Single(run.Dispatcher.Offered);
        await run.Measure(1, seconds: 1);

        // The analysis that waits longest has its turn, with the latest checkpoint.
        Assert.Equal(
            (2L, AnalysisKind.Sharpness),
            (run.Dispatcher.Offered[1].Id.Step, run.Dispatcher.Offered[1].Id.Analysis)
        );
        Assert.Equal(2, run.Dispatcher.Offered.Count);
    }

    [Fact]
    public async Task Under_a_budget_the_first_analysis_stays_fresh_however_long_the_others_take()
    {
        const double Budget = 0.5;
        var request = TinyRuns.Request() with
        {
            OverheadBudget = Budget,
            Analyses = [new(AnalysisKind.Spectrum), new(AnalysisKind.Trace), new(AnalysisKind.Variance)],
        };
        await using var run = new ScriptedRun(request);
        await run.Settled();
        var (elapsed, answered) = (0, 0);
        var seconds = new Dictionary<AnalysisKind, double>
        {
            [AnalysisKind.Spectrum] = 0,
            [AnalysisKind.Trace] = 0,
            [AnalysisKind.Variance] = 0,
        };
        for (var step = 1; step <= 400; step++)
        {
            await run.Emit(step);
            await run.Advance(1);
            elapsed++;
            if (run.Dispatcher.Offered.Count > answered)
            {
                var id = run.Dispatcher.Offered[answered++].Id;
                var cost = id.Analysis == AnalysisKind.Spectrum ? 1 : 10;
                await run.Advance(cost);
                elapsed += cost;
                await run.Measure(id.Step, seconds: cost, kind: id.Analysis);
                seconds[id.Analysis] += cost;
            }
        }

        // Whoever has the budget to himself keeps within it but for the last job; the others within their half.
        Assert.InRange(seconds.Values.Sum(), 0.9 * Budget * elapsed, (Budget * elapsed) + 10);
        Assert.InRange(
            seconds[AnalysisKind.Trace] + seconds[AnalysisKind.Variance],
            0.2 * elapsed,
            (Budget / 2 * elapsed) + 10
        );
        Assert.InRange(
            seconds[AnalysisKind.Trace],
            seconds[AnalysisKind.Variance] - 10,
            seconds[AnalysisKind.Variance] + 10
        );
        Assert.InRange(seconds[AnalysisKind.Spectrum], (Budget / 2 * elapsed) - 20, elapsed);
    }

    [Fact]
    public async Task A_checkpoint_counts_once_whatever_becomes_of_its_analyses()
    {
        await using var run = new ScriptedRun(
            TinyRuns.Request() with
            {
                Analyses = [new(AnalysisKind.Spectrum), new(AnalysisKind.Sharpness)],
            }
        );
        for (var step = 1; step <= 4; step++)
        {
            await run.Emit(step, final: step == 4);
        }

        await run.Measure(1);
        await run.Answer(Failed(JobFailureReason.NonFinite), 1, AnalysisKind.Sharpness);
        await run.Answer(Failed(JobFailureReason.OutOfMemory), 2);
        await run.Answer(Dropped, 2, AnalysisKind.Sharpness);
        await run.Answer(Dropped, 3);
        await run.Answer(Dropped, 3, AnalysisKind.Sharpness);
        await run.EndTraining();
        Assert.Empty(run.Observer.Of<RunEnded>());
        await run.Measure(4);
        await run.Measure(4, kind: AnalysisKind.Sharpness);
        var summary = (await run.Observer.First<RunEnded>()).Summary;
        Assert.Equal((4, 2, 1), (summary.Emitted, summary.Measured, summary.Failed));
        Assert.Equal(1, Assert.Single(summary.Dropped).Value);
        Assert.Equal(3, Assert.Single(run.Observer.Of<CheckpointDropped>()).Step);
        Assert.Equal(2, run.Observer.Of<AnalysisFailed>().Count);
    }

    [Fact]
    public async Task An_answer_that_comes_twice_counts_once()
    {
        await using var run = new ScriptedRun(TinyRuns.Request());
        await run.Emit(1);
        await run.Measure(1, seconds: 2);
        await run.Measure(1, seconds: 2);
        await run.Answer(Failed(JobFailureReason.Crashed), 1);
        await run.EndTraining();
        var summary = (await run.Observer.First<RunEnded>()).Summary;
        Assert.Equal((1, 1, 0, 2.0), (summary.Emitted, summary.Measured, summary.Failed, summary.CurvatureSeconds));
        Assert.Single(run.Observer.Of<CheckpointMeasured>());
    }

    [Fact]
    public async Task A_run_that_is_stopped_withdraws_what_waits_and_waits_for_what_runs()
    {
        var live = Checkpoint.LiveCount;
        await using var run = new ScriptedRun(TinyRuns.Request());
        await run.Emit(1);
        await run.Emit(2);
        run.Runs.Tell(StopAllRuns.Instance, ActorRefs.NoSender);
        await run.Settled();
        await run.Settled(); // the first may overtake the word that the runs' supervisor passes on
        await run.Answer(Dropped, 2);
        Assert.Empty(run.Observer.Of<RunEnded>());
        await run.Measure(1);
        var summary = (await run.Observer.First<RunEnded>()).Summary;
        Assert.Equal(RunOutcome.Stopped, summary.Outcome);
        Assert.Equal((2, 1), (summary.Emitted, summary.Measured));
        Assert.Contains("withdraw tiny", run.Dispatcher.Calls);
        Assert.Equal(live, Checkpoint.LiveCount);
    }

    [Fact]
    public async Task Why_training_failed_is_in_the_summary_and_the_last_checkpoint_is_measured_still()
    {
        await using var run = new ScriptedRun(TinyRuns.Request());
        await run.Emit(1);
        await run.Say(new TrainingEnded(RunOutcome.Failed, "the disk is full", 1, 0));
        Assert.Empty(run.Observer.Of<RunEnded>());
        await run.Measure(1);
        var summary = (await run.Observer.First<RunEnded>()).Summary;
        Assert.Equal((RunOutcome.Failed, "the disk is full"), (summary.Outcome, summary.Failure));
        Assert.Equal(1, summary.Measured);
    }

    [Fact]
    public async Task A_trainer_that_dies_without_a_word_fails_the_run()
    {
        await using var run = new ScriptedRun(TinyRuns.Request());
        await run.Emit(1);
        await run.Measure(1);
        await run.Kill();
        var summary = (await run.Observer.First<RunEnded>()).Summary;
        Assert.Equal((RunOutcome.Failed, 1L), (summary.Outcome, summary.Measured));
        Assert.Contains("gave no reason", summary.Failure, StringComparison.Ordinal);
    }

    private static JobDropped Dropped(JobId id) => new(id, DropReason.Superseded);

    private static Func<JobId, JobAnswer> Failed(JobFailureReason reason) =>
        id => new JobFailed(id, reason, "no", 0, 1);
}
