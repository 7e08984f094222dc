using Akka.Actor;
using Akka.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using ActorRestarted = CurvatureMonitor.Contracts.Events.ActorRestarted;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>
/// The job board: workers ask, it assigns. It keeps one waiting job a run and analysis, watches the workers, and
/// assigns a job again whose worker is lost, so many times.
/// </summary>
internal sealed class BoardActor : ReceiveActor
{
    private readonly JobBoard _board;
    private readonly IActorRef _events;
    private readonly JobCancellations _cancellations;
    private readonly TimeProvider _time;
    private readonly HashSet<IActorRef> _workers = [];

    public BoardActor(LossPolicy policy, IActorRef events, JobCancellations cancellations, TimeProvider time)
    {
        _board = new JobBoard(policy);
        (_events, _cancellations, _time) = (events, cancellations, time);
        Receive<OfferJob>(Offer);
        Receive<WithdrawJobs>(Withdraw);
        Receive<CancelJobs>(Cancel);
        Receive<ForgetRun>(Forget);
        Receive<RequestWork>(Request);
        Receive<JobAnswered>(Answered);
        Receive<ReturnJob>(Returned);
        Receive<WorkerCrashed>(Crashed);
        Receive<GetFreeWorkers>(_ => Sender.Tell(new FreeWorkers(_board.FreeWorkers)));
        Receive<Terminated>(Lost);
    }

    /// <summary>The recipe of the board.</summary>
    /// <param name="policy">What becomes of a job whose worker is lost.</param>
    /// <param name="events">Is notified of restarts.</param>
    /// <param name="cancellations">Cancels assigned jobs.</param>
    /// <param name="time">The clock.</param>
    public static Props Props(
        LossPolicy policy,
        IActorRef events,
        JobCancellations cancellations,
        TimeProvider time
    ) =>
        Akka.Actor.Props.Create(() => new BoardActor(policy, events, cancellations, time))
            .CountedAs(ActorNames.Board);

    protected override void PostStop()
    {
        foreach (var assignment in _board.Running)
        {
            _cancellations.Close(assignment.Number);
        }
    }

    private void Offer(OfferJob offer)
    {
        if (_board.Offer(new WaitingJob(offer.Job, offer.ReplyTo) { Needs = offer.Needs }) is { } replaced)
        {
            replaced.ReplyTo.Tell(new JobDropped(replaced.Job.Id, DropReason.Superseded));
        }

        Assign();
    }

    private void Request(RequestWork request)
    {
        if (_workers.Add(Sender))
        {
            Context.Watch(Sender);
        }

        _board.Request(Sender, request.Abilities);
        Assign();
    }

    private void Assign()
    {
        while (_board.Assign(_cancellations.Open) is { } assignment)
        {
            var waiting = assignment.Waiting;
            waiting.ReplyTo.Tell(new JobStarted(waiting.Job.Id));
            assignment.Worker.Tell(new AssignJob(waiting.Job, waiting.SpentSeconds, assignment.Number));
        }
    }

    private void Answered(JobAnswered answered)
    {
        var answer = answered.Answer;
        if (_board.Close(Sender, answer.Id) is { } done)
        {
            _cancellations.Close(done.Number);
            if (!done.IsAnswered)
            {
                done.Waiting.ReplyTo.Tell(answer);
            }
        }
        else if (_board.Resolve(answer.Id) is { } resolved)
        {
            // Thought lost, but not: the first answer counts.
            resolved.Job.ReplyTo.Tell(answer);
            if (resolved.Surplus is { } surplus)
            {
                _cancellations.Cancel(surplus.Number);
            }
        }
    }

    private void Returned(ReturnJob returned)
    {
        if (_board.Close(Sender, returned.Id) is { } assignment)
        {
            _cancellations.Close(assignment.Number);
            if (assignment.IsCancelled)
            {
                assignment.Waiting.ReplyTo.Tell(
                    new JobFailed(
                        returned.Id,
                        JobFailureReason.Cancelled,
                        "cancelled",
                        assignment.Waiting.SpentSeconds,
                        assignment.Waiting.Job.Attempt
                    )
                );
            }
            else if (!assignment.IsAnswered)
            {
                _board.Return(assignment);
                Assign();
            }
        }
    }

    private void Withdraw(WithdrawJobs withdraw)
    {
        foreach (var waiting in _board.Withdraw(withdraw.Run))
        {
            waiting.ReplyTo.Tell(new JobDropped(waiting.Job.Id, DropReason.Rejected));
        }
    }

    private void Cancel(CancelJobs cancel)
    {
        foreach (var running in _board.Running.Where(running => running.Waiting.Job.Id.Run == cancel.Run))
        {
            running.IsCancelled = true;
            _cancellations.Cancel(running.Number);
        }
    }

    private void Forget(ForgetRun forget)
    {
        foreach (var worker in _workers)
        {
            worker.Tell(forget);
        }
    }

    private void Crashed(WorkerCrashed crash)
    {
        _events.Tell(new ActorRestarted(crash.Id.Run, _time.GetUtcNow(), ActorNames.Curvature, crash.Message));
        TryAgain(_board.Close(Sender, crash.Id), crash.Message, crash.Seconds);
    }

    private void Lost(Terminated terminated)
    {
        _workers.Remove(terminated.ActorRef);
        TryAgain(_board.Lose(terminated.ActorRef), "the curvature actor stopped", 0);
    }

    private void TryAgain(Assignment? lost, string message, double seconds)
    {
        if (lost is null)
        {
            return;
        }

        if (!lost.IsAnswered && _board.TryAgain(lost, message, seconds) is { } answer)
        {
            lost.Waiting.ReplyTo.Tell(answer);
        }

        _cancellations.Close(lost.Number);
        Assign();
    }
}

/// <summary>Adds the actor to an actor system.</summary>
internal static class BoardActorHosting
{
    /// <summary>Adds the job board of this process.</summary>
    public static AkkaConfigurationBuilder AddBoardActor(
        this AkkaConfigurationBuilder akka,
        LossPolicy policy,
        JobCancellations cancellations,
        TimeProvider time
    ) =>
        akka.WithActors(
            (system, registry) =>
                registry.Register<BoardActor>(
                    system.ActorOf(
                        BoardActor.Props(policy, registry.Get<MetricsActor>(), cancellations, time),
                        ActorNames.Board
                    )
                )
        );
}
