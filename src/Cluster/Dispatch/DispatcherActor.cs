using Akka.Actor;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>
/// The host's side of the cluster. Keeps every job that is not answered, sends the latest of each slot whenever the
/// broker takes it, passes each answer on once, and has the broker keep a result until it is journalled. Operations on
/// the broker go one by one, in order; nothing here waits for them.
/// </summary>
internal sealed partial class DispatcherActor : ReceiveActor, IWithTimers
{
    private const int ResultPrefetch = 64;
    private const int ForgottenKept = 32;

    private readonly HostClusterOptions _options;
    private readonly DispatcherContext _context;
    private readonly TaskCompletionSource _ended;
    private readonly BrokerNames _names;
    private readonly WorkerRegistry _workers;
    private readonly AnswerLedger _ledger = new();
    private readonly JobSpool _spool = new();
    private readonly Dictionary<JobId, OpenJob> _open = [];
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);
    private readonly Queue<string> _forgotten = new();
    private BrokerSession? _session;
    private long _offers;
    private bool _caughtUp;
    private long _resultsWaiting;
    private long _resultsSeen;
    private long _readySince;

    public DispatcherActor(HostClusterOptions options, DispatcherContext context, TaskCompletionSource ended)
    {
        (_options, _context, _ended) = (options, context, ended);
        _names = new BrokerNames(options.Prefix);
        _slots = new SlotQueues(_names, options.Instance);
        _sender = new JobSender(options, _names);
        _workers = new WorkerRegistry(options.Instance, options.Timings, context.Metrics.Cluster, context.Time);
        Receive<OfferJob>(Offer);
        Receive<RunSettled>(settled => Settle(settled.Run));
        Receive<WithdrawJobs>(withdraw => Withdraw(withdraw.Run));
        Receive<CancelJobs>(cancel => Cancel(cancel.Run));
        Receive<ForgetRun>(forget => Forget(forget.Run));
        Receive<LinkUp>(up => Connected(up.Session));
        Receive<LinkReady>(_ => Ready());
        Receive<LinkDown>(_ => Disconnected());
        Receive<LinkBlocked>(Blocked);
        Receive<OperationDone>(done => OperationEnded(done.Number, done.Then));
        Receive<OperationFailed>(Failed);
        Receive<PumpDue>(_ => Pump());
        Receive<ResultsWaiting>(waiting => (_resultsWaiting, _resultsSeen) = (waiting.Count, 0));
        Receive<ResultCame>(came => TakeResult(came.Delivery));
        Receive<DropCame>(came => TakeDrop(came.Delivery));
        Receive<EventCame>(came => TakeEvent(came.Delivery));
        Receive<AnswerJournalled>(journalled => Acknowledge(_ledger.Journalled(journalled.Job)));
        Receive<RunForgotten>(forgotten => Acknowledge(_ledger.Forget(forgotten.Run)));
        Receive<CaughtUp>(_ => CatchUp());
        Receive<SweepDue>(_ => Sweep());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private ClusterMetrics Metrics => _context.Metrics.Cluster;

    protected override void PreStart()
    {
        foreach (string queue in new[] { "tickets", "slots", "results" })
        {
            Metrics.AddQueue(queue);
        }

        var (self, names, instance) = (Self, _names, _options.Instance);

        // Several hosts share the broker, and one that restarts may overlap with itself: the queue of events is of this
        // process alone.
        string listener = $"{instance}.{Guid.NewGuid():N}";
        var link = new LinkSettings(
            _options.Address,
            "host",
            "curvature host " + instance,
            async channel =>
            {
                await Topology.DeclareSharedAsync(channel, names).ConfigureAwait(false);
                await Topology.DeclareHostAsync(channel, names, instance).ConfigureAwait(false);
                await Topology
                    .DeclareEventsAsync(
                        channel,
                        names,
                        listener,
                        BrokerNames.WorkerKey("#"),
                        BrokerNames.StartedKey(instance),
                        BrokerNames.PingKey
                    )
                    .ConfigureAwait(false);
            },
            async (session, cancellation) =>
            {
                await session
                    .ConsumeAsync(names.Events(listener), 0, message => Tell(new EventCame(message)), cancellation)
                    .ConfigureAwait(false);
                var waiting = await session.InspectAsync(names.Results(instance), cancellation).ConfigureAwait(false);
                Tell(new ResultsWaiting(waiting?.Ready ?? 0));
                await session
                    .ConsumeAsync(
                        names.Results(instance),
                        ResultPrefetch,
                        message => Tell(new ResultCame(message)),
                        cancellation
                    )
                    .ConfigureAwait(false);
                await session
                    .ConsumeAsync(
                        names.Dropped(instance),
                        ResultPrefetch,
                        message => Tell(new DropCame(message)),
                        cancellation
                    )
                    .ConfigureAwait(false);
            },
            Metrics,
            _context.Time,
            _context.Logger
        )
        {
            Ended = _ended,
            Check = _options.Timings.Sweep,
        };
        Context.ActorOf(Props.Create(() => new BrokerLink(link)), "link");
        Timers.StartPeriodicTimer(SweepDue.Instance, SweepDue.Instance, _options.Timings.Sweep);

        void Tell(object message) => self.Tell(message, ActorRefs.NoSender);
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        // The books are lost with the actor: better an answer than none.
        foreach (var open in _open.Values)
        {
            open.ReplyTo.Tell(
                new JobFailed(
                    open.Id,
                    JobFailureReason.Crashed,
                    reason.Message.ReplaceLineEndings(" "),
                    0,
                    open.Job.Attempt
                )
            );
        }

        base.PreRestart(reason, message);
    }

    private TimeSpan Since(long timestamp) => _context.Time.GetElapsedTime(timestamp);

    private long Now() => _context.Time.GetTimestamp();

    private void Offer(OfferJob offer)
    {
        if (_context.Resources.Find(offer.Job.Id.Run) is not { } resources)
        {
            offer.ReplyTo.Tell(new JobDropped(offer.Job.Id, DropReason.Rejected));
            return;
        }

        var open = new OpenJob(offer.Job, resources, offer.ReplyTo, ++_offers);
        if (_open.TryGetValue(open.Id, out var older))
        {
            // A run of the same name has taken the place of one that ended without waiting.
            Drop(older, DropReason.Rejected);
        }

        _open.Add(open.Id, open);
        if (AnswerFromHeld(open))
        {
            return;
        }

        if (!_caughtUp && !_settled.Contains(open.Id.Run))
        {
            open.IsParked = true;
            return;
        }

        Admit(open);
    }

    /// <summary>Has a job sent, unless a worker has it from before.</summary>
    private void Admit(OpenJob open)
    {
        open.IsParked = false;
        if (!_settled.Contains(open.Id.Run) && _workers.IsAt(open.Id))
        {
            Sent(open);
            return;
        }

        if (_spool.Put(open) is { } replaced)
        {
            Drop(replaced, DropReason.Superseded);
        }

        Pump();
    }

    /// <summary>Answers a job with what came before it was offered: an earlier process had offered it.</summary>
    private bool AnswerFromHeld(OpenJob open)
    {
        var held = _ledger.Claim(open.Id);
        if (held.Count == 0)
        {
            return false;
        }

        PassOn(open, held[0].Answer, held[0].Delivery);
        Acknowledge([.. held.Skip(1).Select(surplus => surplus.Delivery)]);
        return true;
    }

    private void Settle(string run)
    {
        if (_settled.Add(run))
        {
            foreach (var (job, held) in _ledger.Release((id, _) => id.Run == run))
            {
                Duplicate(job, held);
            }
        }
    }

    private void CatchUp()
    {
        if (_resultsSeen < _resultsWaiting && Since(_readySince) < _options.Timings.CatchUp)
        {
            Timers.StartSingleTimer(CaughtUp.Instance, CaughtUp.Instance, _options.Timings.Ping / 3);
            return;
        }

        _caughtUp = true;
        var parked = _open.Values.Where(open => open.IsParked).OrderBy(open => open.Number).ToList();
        foreach (var open in parked)
        {
            bool overtaken = _open.Values.Any(other => other.Slot == open.Slot && other.Number > open.Number);
            if (overtaken && !_workers.IsAt(open.Id))
            {
                Drop(open, DropReason.Superseded);
            }
            else
            {
                Admit(open);
            }
        }
    }

    private void Drop(OpenJob open, DropReason reason) => Answer(open, new JobDropped(open.Id, reason));

    private void Answer(OpenJob open, JobAnswer answer)
    {
        Close(open);
        open.ReplyTo.Tell(answer);
    }

    private void Close(OpenJob open)
    {
        if (_open.TryGetValue(open.Id, out var known) && ReferenceEquals(known, open))
        {
            _open.Remove(open.Id);
            _spool.Remove(open);
            var id = open.Id;
            Background(() => _options.Claims.Release(id));
        }
    }

    // Files may be looked at: not on the actor.
    private void Background(Action action)
    {
        var logger = _context.Logger;
        _ = Task.Run(action)
            .ContinueWith(
                failed =>
                    DispatchLog.OperationFailed(
                        logger,
                        failed.Exception!.GetBaseException().Message.ReplaceLineEndings(" ")
                    ),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
    }
}
