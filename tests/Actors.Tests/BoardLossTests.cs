using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The job board of a host, whose workers are processes: they are lost, and come back.</summary>
public sealed class BoardLossTests : TestKit
{
    private readonly TestProbe _run;
    private readonly IActorRef _board;
    private readonly JobCancellations _cancellations = new();

    public BoardLossTests()
        : base(CheckedMessages.Configuration)
    {
        _run = CreateTestProbe();
        var policy = new LossPolicy(2) { IsTriedLast = true, IsPoison = true };
        _board = Sys.ActorOf(BoardActor.Props(policy, TestActor, _cancellations, TimeProvider.System));
    }

    [Fact]
    public void What_waits_comes_before_a_job_that_lost_its_worker_and_in_the_end_that_is_poison()
    {
        var (first, second) = (Worker(), CreateTestProbe());
        var lost = Offer("a", 1);
        Assert.Equal(lost, Assigned(first));
        var waiting = Offer("b", 1);
        Lose(first, lost);
        Ask(second);
        Assert.Equal(waiting, Assigned(second));
        Answer(second, waiting);
        Ask(second);
        Assert.Equal(lost, Assigned(second));
        Lose(second, lost);
        Assert.Equal(new JobDropped(lost, DropReason.Poison), _run.FishForMessage<JobDropped>(_ => true));
    }

    [Fact]
    public void A_job_that_has_begun_is_not_replaced_by_a_newer_one_while_it_waits_again()
    {
        var (first, second) = (Worker(), CreateTestProbe());
        var lost = Offer("a", 1);
        Assert.Equal(lost, Assigned(first));
        Lose(first, lost);
        Offer("a", 2);
        var newest = Offer("a", 3);
        Ask(second);
        Assert.Equal(lost, Assigned(second));
        Answer(second, lost);
        Ask(second);
        Assert.Equal(newest, Assigned(second));
    }

    [Fact]
    public void The_answer_of_a_worker_that_was_thought_lost_closes_a_job_that_waits_again()
    {
        var first = Worker();
        var id = Offer("a", 1);
        Assert.Equal(id, Assigned(first));
        Lose(first, id);
        Answer(CreateTestProbe(), id);
        Assert.Equal(Failed(id), _run.FishForMessage<JobFailed>(_ => true));
        var other = CreateTestProbe();
        Ask(other);
        Assert.Equal(Offer("b", 1), Assigned(other));
    }

    [Fact]
    public void The_answer_of_a_worker_that_was_thought_lost_cancels_the_one_that_is_at_the_job_by_now()
    {
        var (first, second) = (Worker(), CreateTestProbe());
        var id = Offer("a", 1);
        Assert.Equal(id, Assigned(first));
        Lose(first, id);
        Ask(second);
        var token = _cancellations.TokenOf(second.ExpectMsg<AssignJob>().Assignment);
        Answer(CreateTestProbe(), id);
        _run.FishForMessage<JobFailed>(_ => true);
        AwaitCondition(() => token.IsCancellationRequested);

        // Its own answer counts for nothing, nor does its loss.
        Answer(second, id);
        Ask(second);
        var next = Offer("b", 1);
        Assert.Equal(next, Assigned(second));
        Assert.Equal(next, _run.ExpectMsg<JobStarted>().Id);
    }

    [Fact]
    public void A_job_that_is_given_back_is_the_next_and_was_no_attempt()
    {
        var (first, second) = (Worker(), CreateTestProbe());
        var id = Offer("a", 1);
        Assert.Equal(id, Assigned(first));
        Offer("b", 1);
        _board.Tell(new ReturnJob(id), first);
        Ask(second);
        var again = second.ExpectMsg<AssignJob>().Job;
        Assert.Equal((id, 1), (again.Id, again.Attempt));
    }

    [Fact]
    public void A_job_waits_for_a_worker_that_has_what_it_needs_and_others_pass_it()
    {
        var (small, large) = (CreateTestProbe(), CreateTestProbe());
        Ask(small, new WorkerAbilities("cpu", 100));
        var heavy = Offer("a", 1, new JobRequirements("cpu", 101));
        var light = Offer("b", 1, new JobRequirements("cpu", 100));
        Assert.Equal(light, Assigned(small));
        Ask(large, new WorkerAbilities("cuda:0", 1000));
        var device = Offer("c", 1, new JobRequirements("cuda", 1000));
        Assert.Equal(device, Assigned(large));
        Answer(small, light);
        Ask(small, new WorkerAbilities("cpu", 101));
        Assert.Equal(heavy, Assigned(small));
    }

    private static JobFailed Failed(JobId id) => new(id, JobFailureReason.NonFinite, "no number", 1, 1);

    private static JobId Assigned(TestProbe worker) => worker.ExpectMsg<AssignJob>().Job.Id;

    private TestProbe Worker()
    {
        var worker = CreateTestProbe();
        Ask(worker);
        return worker;
    }

    private void Ask(IActorRef worker, WorkerAbilities? abilities = null) =>
        _board.Tell(RequestWork.Instance with { Abilities = abilities }, worker);

    private void Answer(IActorRef worker, JobId id) => _board.Tell(new JobAnswered(Failed(id)), worker);

    // By a message, which the board has seen before what is sent next; that of a stopped worker comes when it comes.
    private void Lose(IActorRef worker, JobId id) => _board.Tell(new WorkerCrashed(id, "dead", 0), worker);

    private JobId Offer(string run, long step, JobRequirements? needs = null)
    {
        var id = new JobId(run, step, AnalysisKind.Spectrum);
        _board.Tell(new OfferJob(new AnalyseCheckpoint(id, new AnalysisSettings()), _run) { Needs = needs });
        return id;
    }
}
