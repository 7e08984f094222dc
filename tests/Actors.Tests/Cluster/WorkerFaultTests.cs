using CurvatureMonitor.Actors.Cluster.Hosts;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Workers die, hang or lack what a job needs; no job is lost by it, and none is answered twice.</summary>
public sealed class WorkerFaultTests : WorkerScenario
{
    [Fact]
    public async Task The_job_of_a_worker_that_dies_is_done_by_another()
    {
        var dying = Cluster.StartWorker(Gated());
        var id = Desk.Offer("a", 1);
        await Desk.Started(id);
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_busy{worker=\"worker-1\",device=\"cpu\"}") == 1);
        await dying.DisposeAsync();
        Cluster.KeepWorker(Quick());
        var measured = Assert.IsType<Measured>(await Desk.Answer());
        Assert.Equal((id, 2), (measured.Id, measured.Attempt));
        await Desk.Quiet();
    }

    [Fact]
    public async Task The_answer_of_a_worker_that_dies_before_it_is_taken_is_sent_by_the_next()
    {
        var dying = Cluster.StartWorker(Quick());
        var id = Desk.Offer("a", 1);
        Assert.Equal(id, Assert.IsType<Measured>(await Desk.Answer()).Id);
        await dying.DisposeAsync();

        // Not journalled: the next process of the machine keeps it on.
        Cluster.KeepWorker(Quick());
        await HoldsAsync(answers: 1);
        Desk.Journal(id);
        await HoldsAsync(answers: 0);
        Assert.Equal(0, Desk.Sample("curvature_jobs_total{run=\"a\",analysis=\"spectrum\",outcome=\"duplicate\"}"));
        await Desk.Quiet();

        // The lock of the process that lives is the only other file: what the dead one left is gone.
        Task HoldsAsync(int answers) =>
            Until.HoldsAsync(
                $"{answers} answers are kept",
                () => Cluster.KeptAnswers().Count == answers && Cluster.AnswerFiles("*").Count == answers + 1,
                () => $"{Desk.Log}\n{Cluster.Log}\n{string.Join('\n', Cluster.AnswerFiles("*"))}"
            );
    }

    [Fact]
    public async Task A_job_that_hangs_ends_its_process_at_its_deadline_and_has_failed_at_the_fourth()
    {
        var id = Desk.Offer("a", 1);
        for (int attempt = 1; attempt <= HostActor.Attempts; attempt++)
        {
            var exit = new TaskCompletionSource<int>();
            var hanging = Cluster.StartWorker(
                Gated(),
                Cluster.Worker() with
                {
                    JobTimeout = TimeSpan.FromMilliseconds(300),
                    Exit = exit.SetResult,
                }
            );
            Assert.Equal(75, await exit.Task);
            await hanging.DisposeAsync();
        }

        var failed = Assert.IsType<JobFailed>(await Desk.Answer());
        Assert.Equal((id, JobFailureReason.TimedOut, 4), (failed.Id, failed.Reason, failed.Attempts));
        Cluster.KeepWorker(Quick());
        await Desk.Quiet();
    }

    [Fact]
    public async Task A_job_is_left_to_a_worker_that_has_what_it_needs()
    {
        var small = new ScriptedAnalyzer((_, _) => throw new InvalidOperationException("not for this one"));
        Cluster.KeepWorker(small, Cluster.Worker() with { MemoryBudgetBytes = 1 });
        var id = Desk.Offer("a", 1);
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up{worker=\"worker-1\",device=\"cpu\"}") == 1);
        await Desk.Log.SaysAsync("No worker can do the spectrum of a at step 1");
        Cluster.KeepWorker(Quick());
        Assert.Equal(id, Assert.IsType<Measured>(await Desk.Answer()).Id);
        Assert.Equal(0, small.Made);
    }

    [Fact]
    public async Task A_checkpoint_that_ends_four_workers_is_poison_and_others_have_their_turn_in_between()
    {
        var poison = Desk.Offer("poison", 1);
        for (var death = 1; death <= 4; death++)
        {
            using var began = new SemaphoreSlim(0);
            var worker = Cluster.StartWorker(
                new ScriptedAnalyzer(
                    (job, _) =>
                    {
                        if (job.Id.Run == "poison")
                        {
                            began.Release();
                            Gate.Wait(CancellationToken.None);
                        }

                        return Reports.Sharpness(1);
                    }
                )
            );
            if (death > 1)
            {
                // What came after the poison is done before that is tried again.
                Assert.Equal(death - 1, Assert.IsType<Measured>(await Desk.Answer()).Id.Step);
            }

            await began.WaitAsync();
            Desk.Offer("healthy", death);
            await worker.DisposeAsync();
        }

        Cluster.KeepWorker(Quick());
        List<object> answers = [await Desk.Answer(), await Desk.Answer()];
        Assert.Equal(new JobDropped(poison, DropReason.Poison), Assert.Single(answers.OfType<JobDropped>()));
        Assert.Equal(4, Assert.Single(answers.OfType<Measured>()).Id.Step);
        await Desk.Log.SaysAsync("The spectrum of poison at step 1 ended 4 workers that began it");
        await Desk.Quiet();
    }

    [Fact]
    public async Task A_measurement_that_is_larger_than_a_message_is_a_failure_that_says_so()
    {
        var small = Reports.Sharpness(1);
        var measurement = (SharpnessMeasurement)small.Measurements[0] with
        {
            Top = [.. Enumerable.Repeat(new Estimate(1 / 3.0, 0.1), 200_000)],
        };
        Cluster.KeepWorker(new ScriptedAnalyzer((_, _) => small with { Measurements = [measurement] }));
        Desk.Offer("a", 1);
        var failed = Assert.IsType<JobFailed>(await Desk.Answer());
        Assert.Contains("where messages hold 4194304", failed.Message, StringComparison.Ordinal);
    }
}
