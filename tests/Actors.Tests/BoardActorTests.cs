using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using ActorRestarted = CurvatureMonitor.Contracts.Events.ActorRestarted;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The job board between probes: a run, workers, and the publisher of events.</summary>
public sealed class BoardActorTests : TestKit
{
    private readonly TestProbe _run;
    private readonly TestProbe _events;
    private readonly IActorRef _board;
    private readonly JobCancellations _cancellations = new();

    public BoardActorTests()
        : base(CheckedMessages.Configuration)
    {
        (_run, _events) = (CreateTestProbe(), CreateTestProbe());
        _board = Sys.ActorOf(BoardActor.Props(new LossPolicy(2), _events, _cancellations, TimeProvider.System));
    }

    [Fact]
    public void A_job_waits_until_a_worker_asks_and_its_answer_is_passed_to_its_run_once()
    {
        var worker = CreateTestProbe();
        var id = Offer("a", 1);
        _board.Tell(RequestWork.Instance, worker);
        _run.ExpectMsg(new JobStarted(id));
        Assert.Equal((id, 1), Assigned(worker));
        var answer = new JobFailed(id, JobFailureReason.NonFinite, "no number", 1, 1);
        _board.Tell(new JobAnswered(answer), worker);
        _run.ExpectMsg(answer);
        _board.Tell(new JobAnswered(answer), worker);
        _board.Tell(RequestWork.Instance, worker);
        Assert.Equal((Offer("a", 2), 1), Assigned(worker));
        _run.ExpectMsg<JobStarted>(started => started.Id.Step == 2);
    }

    [Fact]
    public void A_worker_that_asks_twice_has_one_job_at_a_time()
    {
        var worker = CreateTestProbe();
        _board.Tell(RequestWork.Instance, worker);
        _board.Tell(RequestWork.Instance, worker);
        Offer("a", 1);
        Offer("b", 1);
        Assert.Equal("a", Assigned(worker).Id.Run);
        _board.Tell(RequestWork.Instance, worker);
        _board.Tell(new ForgetRun("c"), ActorRefs.NoSender);
        worker.ExpectMsg<ForgetRun>();
    }

    [Fact]
    public void The_job_of_a_worker_that_stops_is_the_next_that_is_assigned_and_is_given_up_after_its_last_attempt()
    {
        var (first, second, third) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _board.Tell(RequestWork.Instance, first);
        var id = Offer("a", 1);
        var other = Offer("b", 1);
        Assert.Equal((id, 1), Assigned(first));
        Sys.Stop(first);
        _board.Tell(RequestWork.Instance, second);
        var next = Assigned(second);
        if (next.Id == other)
        {
            // It asked before the board had seen the other stop.
            _board.Tell(new JobAnswered(Failed(other)), second);
            _board.Tell(RequestWork.Instance, second);
            next = Assigned(second);
        }

        Assert.Equal((id, 2), next);
        _board.Tell(new WorkerCrashed(id, "dead", 1), second);
        Assert.Equal("dead", _events.ExpectMsg<ActorRestarted>().Message);
        var failed = _run.FishForMessage<JobFailed>(answer => answer.Id == id);
        Assert.Equal((JobFailureReason.Crashed, 2), (failed.Reason, failed.Attempts));
    }

    [Fact]
    public void A_cancelled_job_is_not_tried_again()
    {
        var worker = CreateTestProbe();
        _board.Tell(RequestWork.Instance, worker);
        var id = Offer("a", 1);
        var token = _cancellations.TokenOf(worker.ExpectMsg<AssignJob>().Assignment);
        _board.Tell(new CancelJobs("a"), ActorRefs.NoSender);
        AwaitCondition(() => token.IsCancellationRequested);
        _board.Tell(new WorkerCrashed(id, "dead", 1), worker);
        var failed = _run.FishForMessage<JobFailed>(answer => answer.Id == id);
        Assert.Equal((JobFailureReason.Cancelled, 1), (failed.Reason, failed.Attempts));
    }

    [Fact]
    public void The_depth_of_a_mailbox_is_known_by_kind_while_its_actor_lives()
    {
        var depths = MailboxDepths.Of(Sys);
        Assert.Null(depths.DepthOf(ActorNames.Trainer));
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Blocked(gate)).CountedAs(ActorNames.Trainer));
        actor.Tell(RequestWork.Instance);
        ExpectMsg<FreeWorkers>();
        actor.Tell(RequestWork.Instance);
        actor.Tell(RequestWork.Instance);
        Assert.Equal(2, depths.DepthOf(ActorNames.Trainer));
        gate.Set();
        ExpectMsg<FreeWorkers>();
        ExpectMsg<FreeWorkers>();
        Assert.Equal(0, depths.DepthOf(ActorNames.Trainer));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        AwaitCondition(() => depths.DepthOf(ActorNames.Trainer) is null);
    }

    private static JobFailed Failed(JobId id) => new(id, JobFailureReason.NonFinite, "no number", 1, 1);

    private static (JobId Id, int Attempt) Assigned(TestProbe worker)
    {
        var job = worker.ExpectMsg<AssignJob>().Job;
        return (job.Id, job.Attempt);
    }

    private JobId Offer(string run, long step)
    {
        var id = new JobId(run, step, AnalysisKind.Spectrum);
        _board.Tell(new OfferJob(new AnalyseCheckpoint(id, new AnalysisSettings()), _run));
        return id;
    }

    private sealed class Blocked : ReceiveActor
    {
        public Blocked(ManualResetEventSlim gate) =>
            Receive<RequestWork>(_ =>
            {
                Sender.Tell(new FreeWorkers(0));
                gate.Wait();
            });
    }
}
