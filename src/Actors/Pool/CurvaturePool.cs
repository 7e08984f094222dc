using Akka.Actor;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;
using ActorRestarted = CurvatureMonitor.Contracts.Events.ActorRestarted;

namespace CurvatureMonitor.Actors.Pool;

/// <summary>
/// Supervises the curvature actors of this process and gives each one job at a time. An actor that crashes is
/// restarted, and its job tried once more; the job is answered as crashed when it happens again.
/// </summary>
internal sealed class CurvaturePool : ReceiveActor
{
    private readonly PoolSettings _settings;
    private readonly IActorRef _metrics;
    private readonly JobSlots _slots = new();
    private readonly Stack<IActorRef> _idle = new();
    private readonly Dictionary<IActorRef, RunningJob> _running = [];
    private int _hired;

    public CurvaturePool(PoolSettings settings, IActorRef metrics)
    {
        _settings = settings;
        _metrics = metrics;
        Receive<OfferJob>(Offer);
        Receive<WithdrawJobs>(Withdraw);
        Receive<CancelJobs>(Cancel);
        Receive<ForgetRun>(Forget);
        Receive<WorkerIdle>(_ => Free(Sender));
        Receive<WorkerCrashed>(Crashed);
        Receive<Terminated>(Lost);
    }

    /// <summary>The recipe of the pool.</summary>
    public static Props Props(PoolSettings settings, IActorRef metrics) =>
        Akka.Actor.Props.Create(() => new CurvaturePool(settings, metrics)).CountedAs(ActorNames.Pool);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(Directives);

    protected override void PreStart()
    {
        for (var i = 0; i < _settings.Actors; i++)
        {
            Hire();
        }
    }

    protected override void PostStop()
    {
        foreach (var running in _running.Values)
        {
            running.Cancellation.Dispose();
        }
    }

    // Whatever a job did to the actor, a new instance starts clean. Only one that cannot even be constructed is let go.
    private static Directive Directives(Exception cause) =>
        cause is ActorInitializationException ? Directive.Stop : Directive.Restart;

    private void Hire()
    {
        var props = Akka
            .Actor.Props.Create(() => new CurvatureActor(_settings))
            .Pinned()
            .CountedAs(ActorNames.Curvature);
        _hired++;
        var worker = Context.ActorOf(props, $"curvature-{_hired}");
        Context.Watch(worker);
        _idle.Push(worker);
    }

    private void Offer(OfferJob offer)
    {
        if (_slots.Offer(new WaitingJob(offer.Job, offer.ReplyTo)) is { } replaced)
        {
            replaced.ReplyTo.Tell(new JobDropped(replaced.Job.Id, DropReason.Superseded));
        }

        Assign();
    }

    private void Assign()
    {
        while (_idle.Count > 0 && _slots.Take() is { } waiting)
        {
            var worker = _idle.Pop();
            var cancellation = new CancellationTokenSource();
            var item = new WorkItem(waiting.Job, waiting.ReplyTo, waiting.SpentSeconds, cancellation.Token);
            _running.Add(worker, new RunningJob(item, cancellation));
            waiting.ReplyTo.Tell(new JobStarted(waiting.Job.Id));
            worker.Tell(item);
        }
    }

    private void Free(IActorRef worker)
    {
        if (_running.Remove(worker, out var done))
        {
            done.Cancellation.Dispose();
            _idle.Push(worker);
            Assign();
        }
    }

    private void Withdraw(WithdrawJobs withdraw)
    {
        foreach (var waiting in _slots.Withdraw(withdraw.Run))
        {
            waiting.ReplyTo.Tell(new JobDropped(waiting.Job.Id, DropReason.Rejected));
        }
    }

    private void Cancel(CancelJobs cancel)
    {
        foreach (var running in _running.Values.Where(running => running.Item.Job.Id.Run == cancel.Run))
        {
            running.Cancellation.Cancel();
        }
    }

    private void Forget(ForgetRun forget)
    {
        foreach (var worker in _idle.Concat(_running.Keys))
        {
            worker.Tell(forget);
        }
    }

    private void Crashed(WorkerCrashed crash)
    {
        _metrics.Tell(
            new ActorRestarted(crash.Item.Job.Id.Run, _settings.Time.GetUtcNow(), ActorNames.Curvature, crash.Message)
        );
        if (_running.TryGetValue(Sender, out var running) && ReferenceEquals(running.Item, crash.Item))
        {
            TryAgain(running.Item, crash.Message, crash.Seconds);

            // The restarted actor keeps its mailbox, so it can be given a job at once.
            Free(Sender);
        }
    }

    private void Lost(Terminated terminated)
    {
        if (_running.Remove(terminated.ActorRef, out var running))
        {
            running.Cancellation.Dispose();
            TryAgain(running.Item, "the curvature actor stopped", 0);
        }

        var left = _idle.Where(worker => !worker.Equals(terminated.ActorRef)).Reverse().ToList();
        _idle.Clear();
        left.ForEach(_idle.Push);
        Hire();
        Assign();
    }

    private void TryAgain(WorkItem item, string message, double seconds)
    {
        var (job, spent) = (item.Job, item.SpentSeconds + seconds);
        if (item.Cancellation.IsCancellationRequested)
        {
            item.ReplyTo.Tell(new JobFailed(job.Id, JobFailureReason.Cancelled, message, spent, job.Attempt));
        }
        else if (job.Attempt < _settings.Attempts)
        {
            _slots.Retry(new WaitingJob(job with { Attempt = job.Attempt + 1 }, item.ReplyTo, spent));
        }
        else
        {
            item.ReplyTo.Tell(new JobFailed(job.Id, JobFailureReason.Crashed, message, spent, job.Attempt));
        }
    }

    private sealed record RunningJob(WorkItem Item, CancellationTokenSource Cancellation);
}
