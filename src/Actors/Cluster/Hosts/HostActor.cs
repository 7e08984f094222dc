using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>
/// The host's side of the cluster. Keeps the books of jobs that are not answered, has the board assign them, holds an
/// actor before the board for every worker, passes each answer on once, and has workers keep answers until they are
/// journalled.
/// </summary>
internal sealed partial class HostActor : ReceiveActor, IWithTimers, IDisposable
{
    /// <summary>The number of workers that may be lost with a job before it is given up.</summary>
    public const int Attempts = 4;

    // θ, a Lanczos vector, the one before it, and their product: without these nothing can be measured.
    private const int LeastVectors = 4;

    private readonly ClusterHostOptions _options;
    private readonly DispatcherContext _context;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _logger;
    private readonly JobCancellations _cancellations = new();
    private readonly Dictionary<Address, RemoteWorker> _workers = [];
    private readonly Dictionary<JobId, OpenJob> _open = [];
    private readonly HashSet<string> _toldOfNoWorker = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Worker, string Device), long> _lost = [];
    private bool _toldOfNobody;
    private readonly KnownMembers _members;
    private readonly LaidFiles _files;
    private readonly long _started;
    private IActorRef _board = ActorRefs.Nobody;
    private readonly HostNode _place;

    public HostActor(ClusterHostOptions options, DispatcherContext context, HostNode place, ILoggerFactory logs)
    {
        (_options, _context, _place, _logs) = (options, context, place, logs);
        _logger = logs.CreateLogger<HostActor>();
        _members = new KnownMembers(context.Metrics.Cluster);
        _files = new LaidFiles(options.Claims, _logger);
        _started = context.Time.GetTimestamp();
        Receive<OfferJob>(Offer);
        Receive<WithdrawJobs>(withdraw => _board.Tell(withdraw));
        Receive<CancelJobs>(cancel => _board.Tell(cancel));
        Receive<ForgetRun>(Forget);
        Receive<RunSettled>(settled => _settled.Add(settled.Run));
        Receive<RunLongOver>(over => LongOver(over.Run));
        Receive<AnswerJournalled>(journalled => Take(journalled.Job));
        Receive<JobStarted>(Started);
        Receive<JobAnswer>(Answered);
        Receive<NodeStarted>(_ => Metrics.ReportJoined(true));
        Receive<NodeNotStarted>(NotStarted);
        Receive<NodeEnded>(Ended);
        Receive<NodeShutOut>(_ => { });
        Receive<MemberCame>(Came);
        Receive<MemberLost>(Lost);
        Receive<WireCame>(Heard);
        Receive<JobGiven>(Given);
        Receive<GetHostStatus>(_ => Sender.Tell(Status()));
        Receive<SweepDue>(_ => Sweep());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The recipe of the host.</summary>
    public static Props Props(
        ClusterHostOptions options,
        DispatcherContext context,
        HostNode place,
        ILoggerFactory logs
    ) => Akka.Actor.Props.Create(() => new HostActor(options, context, place, logs)).CountedAs(ActorNames.Board);

    private ClusterNode? Node => _place.Current;

    protected override void PreStart()
    {
        var policy = new LossPolicy(Attempts) { IsTriedLast = true, IsPoison = true };
        _board = Context.ActorOf(
            BoardActor.Props(policy, _context.Events, _cancellations, _context.Time),
            ActorNames.Board
        );
        Metrics.Begin(Enum.GetNames<LossSignal>().Select(signal => signal.ToLowerInvariant()));
        Metrics.ReportJoined(Node is not null);
        Timers.StartPeriodicTimer(SweepDue.Instance, SweepDue.Instance, _options.Timings.Sweep);
    }

    public void Dispose() => _files.Dispose();

    protected override void PostStop() => Dispose();

    // Board and workers hold parts of one state: where one fails, all begin anew.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    // The books would be lost with the actor: better an answer than none.
    protected override void PreRestart(Exception reason, object? message)
    {
        foreach (var (id, open) in _open)
        {
            open.ReplyTo.Tell(
                new JobFailed(id, JobFailureReason.Crashed, reason.Message.ReplaceLineEndings(" "), 0, 1)
            );
        }

        base.PreRestart(reason, message);

        // Workers introduce themselves to what comes after, once they have a new host.
        Node?.Down();
    }

    private void Offer(OfferJob offer)
    {
        var id = offer.Job.Id;
        if (_context.Resources.Find(id.Run) is not { } resources)
        {
            offer.ReplyTo.Tell(new JobDropped(id, DropReason.Rejected));
            return;
        }

        if (_open.TryGetValue(id, out var older))
        {
            // A run of the same name has taken the place of one that ended without waiting, and gets its answer.
            older.ReplyTo.Tell(new JobDropped(id, DropReason.Rejected));
            _open[id] = older with { ReplyTo = offer.ReplyTo };
            return;
        }

        var probe = resources.Probe;
        var needs = new JobRequirements(
            _options.DeviceKind ?? (probe.Device.IsCuda ? "cuda" : "cpu"),
            LeastVectors * probe.ParameterCount * (probe.ElementType == ElementType.Float32 ? 4 : 8)
        );
        _open.Add(id, new OpenJob(offer.ReplyTo, needs, Now()));
        _files.Lay(id, resources);

        _board.Tell(new OfferJob(offer.Job, Self) { Needs = needs });
    }

    private void Started(JobStarted started)
    {
        if (_open.TryGetValue(started.Id, out var open))
        {
            Metrics.Assigned();
            if (open.LostAt is { } lostAt)
            {
                open.LostAt = null;
                Metrics.Reassigned(Since(lostAt));
            }

            open.ReplyTo.Tell(started);
        }
    }

    private void Came(MemberCame came)
    {
        _members.Came(came);
        if (came.Role != NodeRole.Worker || Node is not { } node || _workers.ContainsKey(came.Address))
        {
            return;
        }

        var gate = node.GateAt(came.Address);
        var proxy = Context.ActorOf(
            Akka.Actor.Props.Create(() =>
                new RemoteWorkerActor(_options.Instance, _files, _context.Resources, _cancellations, node, gate, _board)
            )
        );
        _workers.Add(came.Address, new RemoteWorker(gate, proxy));
        Welcome(gate);
    }

    private void Lost(MemberLost lost)
    {
        _members.Lost(lost);
        if (lost.Role == NodeRole.Worker)
        {
            Remove(lost.Address, lost.Signal);
        }
    }

    private void Remove(Address address, LossSignal? signal)
    {
        if (!_workers.Remove(address, out var worker))
        {
            return;
        }

        // In its turn: what the worker said last comes first.
        worker.Proxy.Tell(PoisonPill.Instance);
        if (worker.Report is not { } report)
        {
            return;
        }

        if (report.Job is { } job && _open.TryGetValue(job, out var open))
        {
            open.LostAt = Now();
        }

        if (signal is null)
        {
            Metrics.RemoveWorker(report.Worker, report.Device);
        }
        else
        {
            Metrics.Lost(signal.Value.ToString().ToLowerInvariant());
            Metrics.ReportWorker(report.Worker, report.Device, up: false, busy: null, _context.Time.GetUtcNow());
            _lost[(report.Worker, report.Device)] = Now();
        }
    }

    private void Ended(NodeEnded ended)
    {
        if (_place.Lose(ended.Node))
        {
            Metrics.ReportJoined(false);
            _members.Clear();
            foreach (var address in _workers.Keys.ToList())
            {
                Remove(address, LossSignal.Removed);
            }

            if (!ended.Node.IsOutdated)
            {
                HostLog.ShutOut(_logger);
            }

            StartNode();
        }
    }

    private void NotStarted(NodeNotStarted failed)
    {
        HostLog.NotStarted(_logger, failed.Exception.GetBaseException().Message.ReplaceLineEndings(" "));
        StartNode();
    }

    private void StartNode()
    {
        var (self, options, place, logs, time) = (Self, _options, _place, _logs, _context.Time);
        StartAsync().PipeTo(self, failure: exception => new NodeNotStarted(exception));

        async Task<NodeStarted> StartAsync()
        {
            await Task.Delay(options.Timings.Pause, time).ConfigureAwait(false);
            place.Start(options.Node, self, logs);
            return NodeStarted.Instance;
        }
    }

    private long Now() => _context.Time.GetTimestamp();

    private TimeSpan Since(long timestamp) => _context.Time.GetElapsedTime(timestamp);
}
