using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging;
using ActorRestarted = CurvatureMonitor.Contracts.Events.ActorRestarted;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>
/// A worker: ticket, slot, files, measurement, result, one job at a time. It holds ticket and slot unacknowledged until
/// the broker has the result, so that its death gives both to another. While the broker is away it finishes its job and
/// keeps the result.
/// </summary>
internal sealed partial class WorkerActor : ReceiveActor, IWithTimers, IDisposable
{
    private readonly WorkerOptions _options;
    private readonly IClaimCache _cache;
    private readonly ICheckpointAnalyzerFactory _analyzers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ended;
    private readonly ClusterMetrics? _metrics;
    private readonly BrokerNames _names;
    private readonly long _memory;
    private readonly ResultMemory _results = new();
    private readonly KeptRuns _runs;
    private readonly JobFiles _files;
    private readonly ResourceTable _resources = new();
    private IActorRef _board = ActorRefs.Nobody;
    private BrokerSession? _session;
    private BrokerSession? _consuming;
    private bool _ready;
    private Delivery? _ticket;
    private WorkerJob? _job;
    private JobDeadline? _deadline;
    private Task _told = Task.CompletedTask;
    private long _jobsDone;
    private bool _stopping;
    private bool _givingUp;
    private bool _leaving;

    public WorkerActor(
        WorkerOptions options,
        IClaimCache cache,
        ICheckpointAnalyzerFactory analyzers,
        TimeProvider time,
        ILogger logger,
        TaskCompletionSource ended,
        ClusterMetrics? metrics
    )
    {
        (_options, _cache, _analyzers, _time, _logger, _ended, _metrics) = (
            options,
            cache,
            analyzers,
            time,
            logger,
            ended,
            metrics
        );
        _names = new BrokerNames(options.Prefix);
        _memory = options.MemoryBudgetBytes ?? Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        _runs = new KeptRuns(options.RunsKept);
        _files = new JobFiles(options, cache, time, logger);
        Receive<LinkUp>(Connected);
        Receive<LinkReady>(_ => Ready());
        Receive<LinkDown>(_ => Disconnected());
        Receive<LinkBlocked>(_ => { });
        Receive<TicketsConsumed>(_ => { });
        Receive<SessionFailed>(failed => failed.Session.Lose(failed.Exception.Message.ReplaceLineEndings(" ")));
        Receive<TicketCame>(TakeTicket);
        Receive<TicketReturned>(returned => Released(returned.Ticket));
        Receive<SlotRead>(Begin);
        Receive<FilesCame>(Compute);
        Receive<FilesFailed>(Fail);
        Receive<JobStarted>(_ => { });
        Receive<Measured>(measured => Finish(measured.Id, measured));
        Receive<JobFailed>(failed => Finish(failed.Id, failed));
        Receive<JobDropped>(dropped => Finish(dropped.Id, dropped));
        Receive<ResultSent>(sent => Done(sent.Job));
        Receive<ResultNotSent>(NotSent);
        Receive<SendDue>(_ => Send());
        Receive<EventHeard>(heard => Hear(heard.Delivery));
        Receive<HeartbeatDue>(_ => TellStatus());
        Receive<ActorRestarted>(_ => { });
        Receive<StopWorker>(_ => Stop());
        Receive<GiveUpJob>(_ => GiveUp());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private string Tickets => _names.Tickets(BrokerNames.DeviceKind(_options.Device));

    protected override void PreStart()
    {
        var cancellations = new JobCancellations();
        var settings = new WorkerSettings(Actors: 1, _analyzers, _resources, cancellations, _time, _logger);
        var self = Self;
        _board = Context.ActorOf(BoardActor.Props(new LossPolicy(2), self, cancellations, _time), ActorNames.Board);
        Context.ActorOf(LocalWorkersActor.Props(settings, _board), ActorNames.Workers);
        var names = _names;

        // Two processes of one name must not be refused by each other's queue.
        string listener = $"{_options.Name}.{Guid.NewGuid():N}";
        var link = new LinkSettings(
            _options.Address,
            "worker",
            "curvature worker " + _options.Name,
            async channel =>
            {
                await Topology.DeclareSharedAsync(channel, names).ConfigureAwait(false);
                await Topology
                    .DeclareEventsAsync(channel, names, listener, "cancel.#", "forget.#", BrokerNames.PingKey)
                    .ConfigureAwait(false);
            },
            (session, cancellation) =>
                session.ConsumeAsync(
                    names.Events(listener),
                    0,
                    message => self.Tell(new EventHeard(message), ActorRefs.NoSender),
                    cancellation
                ),
            _metrics,
            _time,
            _logger
        )
        {
            Ended = _ended,
        };
        Context.ActorOf(Props.Create(() => new BrokerLink(link)), "link");
        Timers.StartPeriodicTimer(HeartbeatDue.Instance, HeartbeatDue.Instance, _options.Timings.Heartbeat);
    }

    public void Dispose() => _deadline?.Dispose();

    protected override void PostStop()
    {
        Dispose();
        _job?.Cancellation.Cancel();
        if (_job is { } job)
        {
            Release(job);
        }
    }

    private void Ready()
    {
        _ready = true;
        TellStatus();
        Send();
        Consume();
    }

    private void Connected(LinkUp up)
    {
        if (_session is not null)
        {
            // The link was restarted, and did not come to say so.
            Disconnected();
        }

        Volatile.Write(ref _session, up.Session);
    }

    private void Disconnected()
    {
        Volatile.Write(ref _session, null);
        (_ready, _consuming) = (false, null);

        // The broker has taken the ticket back. A job at hand is finished all the same.
        _ticket = null;
    }

    private void Begin(WorkerJob job, BrokerSession session)
    {
        var message = job.Message;
        (_job, _ticket) = (job, null);
        foreach (string run in message.Forgotten)
        {
            Forget(message.Instance, run);
        }

        if (_results.Find(message) is { } known)
        {
            job.TryAnswer();
            job.Result = known;
            Send();
            return;
        }

        _deadline = new JobDeadline(_options, job, () => Volatile.Read(ref _session), _time, _logger);
        TellStatus();
        var started = new StartedMessage(WireJson.Version, _options.Name, message.Id, job.Slot.Redelivered);
        Tell(session, BrokerNames.StartedKey(message.Instance), WireJson.Write(started));
        if (_runs.Use(message.Instance, message.Id.Run) is { } surplus)
        {
            LetGo(surplus);
        }

        _files.FetchAsync(job).PipeTo(Self, failure: exception => new FilesFailed(job, exception));
    }

    private void Compute(FilesCame came)
    {
        var job = came.Job;
        if (!ReferenceEquals(job, _job))
        {
            came.Checkpoint.Dispose();
            return;
        }

        var message = job.Message;
        job.Resources = _resources.Open(message.Id.Run, came.Probe);
        job.Resources.Keep(came.Checkpoint);
        var settings = message.Settings.Within(_memory);
        _board.Tell(
            new OfferJob(
                new AnalyseCheckpoint(message.Id, settings, message.Attempt),
                Self
            )
        );
        if (job.Cancellation.IsCancellationRequested)
        {
            _board.Tell(new CancelJobs(message.Id.Run));
        }
    }

    private WorkerStatus Status() =>
        StatusOf(
            _stopping ? WorkerState.Stopping
            : _job is not null ? WorkerState.Busy
            : WorkerState.Idle
        );

    private WorkerStatus StatusOf(WorkerState state) =>
        new(
            WireJson.Version,
            _options.Name,
            state,
            _options.Device.ToString(),
            _memory,
            TorchRuntime.Version,
            Environment.MachineName,
            Environment.ProcessId,
            _jobsDone
        )
        {
            Instance = _job?.Message.Instance,
            Job = _job?.Message.Id,
            SecondsLeft = _job is { } job
                ? Math.Max(0, (_options.JobTimeout - _time.GetElapsedTime(job.Started)).TotalSeconds)
                : null,
        };

    private void TellStatus()
    {
        if (_ready && !_leaving && _session is { } session)
        {
            Tell(session, BrokerNames.WorkerKey(_options.Name), WireJson.Write(Status()));
        }
    }

    /// <summary>
    /// Tells an event, after those that were told before: the last state that is heard must be the last that was.
    /// </summary>
    private void Tell(BrokerSession session, string key, byte[] body)
    {
        var before = _told;
        _told = TellAsync();

        async Task TellAsync()
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await session.TellAsync(_names.EventsExchange, key, body).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is not OutOfMemoryException)
            {
                // Events may be lost; what is wrong with the session shows elsewhere.
            }
        }
    }
}
