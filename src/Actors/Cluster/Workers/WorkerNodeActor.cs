using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Derivatives;
using Microsoft.Extensions.Logging;
using ActorRestarted = CurvatureMonitor.Contracts.Events.ActorRestarted;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>
/// A worker: files, measurement, answer, one job at a time. It keeps each answer until a host has taken it. It holds
/// nothing else that may not be lost, and ends when it has lost its hosts.
/// </summary>
internal sealed partial class WorkerNodeActor : ReceiveActor, IWithTimers, IDisposable
{
    private readonly WorkerNodeOptions _options;
    private readonly IClaimCache _cache;
    private readonly ICheckpointAnalyzerFactory _analyzers;
    private readonly AnswerSpool _spool;
    private readonly TaskCompletionSource<bool> _ended;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _memory;
    private readonly KeptRuns _runs;
    private readonly JobFiles _files;
    private readonly ResourceTable _resources = new();
    private readonly Dictionary<Address, KnownHost> _hosts = [];
    private IActorRef _board = ActorRefs.Nobody;
    private ClusterNode? _node;
    private WorkerJob? _job;
    private JobDeadline? _deadline;
    private long _jobsDone;
    private bool _stopping;
    private bool _givingUp;

    public WorkerNodeActor(
        WorkerNodeOptions options,
        IClaimCache cache,
        ICheckpointAnalyzerFactory analyzers,
        AnswerSpool spool,
        TaskCompletionSource<bool> ended,
        TimeProvider time,
        ILogger logger
    )
    {
        (_options, _cache, _analyzers, _spool) = (options, cache, analyzers, spool);
        (_ended, _time, _logger) = (ended, time, logger);
        _memory = options.MemoryBudgetBytes ?? Math.Max(1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        _runs = new KeptRuns(options.RunsKept);
        _files = new JobFiles(options, cache, time, logger);
        Receive<NodeBegan>(began => _node = began.Node);
        Receive<MemberCame>(Came);
        Receive<MemberLost>(Lost);
        Receive<NodeShutOut>(shut => Leave(shut.Reason));
        Receive<NodeEnded>(_ => _ended.TrySetResult(false));
        Receive<WireCame>(Heard);
        Receive<FilesCame>(Compute);
        Receive<FilesFailed>(Fail);
        Receive<JobStarted>(_ => { });
        Receive<JobAnswer>(Finish);
        Receive<ReportDue>(_ => Report());
        Receive<ActorRestarted>(_ => { });
        Receive<StopWorker>(_ => Stop());
        Receive<GiveUpJob>(_ => GiveUp());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var cancellations = new JobCancellations();
        var settings = new WorkerSettings(Actors: 1, _analyzers, _resources, cancellations, _time, _logger);

        // What crashes the analyzer, and not the process, is tried twice here; the host counts lost processes.
        _board = Context.ActorOf(
            BoardActor.Props(new LossPolicy(2), Self, cancellations, _time),
            ActorNames.Board
        );
        Context.ActorOf(LocalWorkersActor.Props(settings, _board), ActorNames.Workers);
        Timers.StartPeriodicTimer(ReportDue.Instance, ReportDue.Instance, _options.Timings.Report);
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

    private void Came(MemberCame came)
    {
        if (came.Role == NodeRole.Host && _node is { } node && !_hosts.ContainsKey(came.Address))
        {
            _hosts.Add(came.Address, new KnownHost(node.GateAt(came.Address)));
            Tell(_hosts[came.Address]);
        }
    }

    private void Lost(MemberLost lost)
    {
        // One that is silent may be heard again; the cluster decides.
        if (lost.Role == NodeRole.Host && lost.Signal != LossSignal.Unreachable && _hosts.Remove(lost.Address))
        {
            if (_hosts.Count == 0)
            {
                Leave($"its last host is gone ({lost.Address})");
            }
        }
    }

    // A host that is started again does not know this process, and the cluster would not let it in a second time.
    private void Leave(string reason)
    {
        if (!_stopping)
        {
            WorkerNodeLog.Leaving(_logger, reason);
        }

        _node?.Down();
    }

    private void Heard(WireCame came)
    {
        if (!_hosts.TryGetValue(came.Sender.Path.Address, out var host))
        {
            return;
        }

        switch (came.Message)
        {
            case WorkerWelcome welcome:
                host.Instance = welcome.Instance;
                SendKept(host);
                Tell(host);
                break;
            case DoJob job:
                Take(job, host);
                break;
            case CancelAssignment cancel:
                Cancel(cancel, host);
                break;
            case AnswerTaken taken:
                _spool.Take(taken.Number);
                break;
            case RunEnded ended:
                if (_runs.Forget(ended.Instance, ended.Run))
                {
                    LetGo(ended.Run);
                }

                break;
            default:
                break;
        }
    }

    private void Cancel(CancelAssignment cancel, KnownHost host)
    {
        if (_job is { } job && host.Gate.Equals(job.Host) && job.Message.Assignment == cancel.Assignment)
        {
            CancelJob(job);
        }
    }

    private void Report()
    {
        if (_node is { IsOutdated: true } && _job is null)
        {
            Leave("its certificate was renewed");
            return;
        }

        foreach (var host in _hosts.Values)
        {
            SendKept(host);
            Tell(host);
        }
    }

    private void Report(WorkerState state)
    {
        foreach (var host in _hosts.Values)
        {
            Tell(host, state);
        }
    }

    private void Tell(KnownHost host) =>
        Tell(
            host,
            _stopping ? WorkerState.Stopping
                : _job is not null ? WorkerState.Busy
                : WorkerState.Idle
        );

    private void Tell(KnownHost host, WorkerState state) =>
        _node?.Send(
            host.Gate,
            new WorkerReport(
                _options.Name,
                state,
                _options.Device.ToString(),
                _memory,
                TorchRuntime.Version,
                Environment.MachineName,
                Environment.ProcessId,
                _jobsDone,
                _spool.Count,
                host.LastAssignment
            )
            {
                Instance = host.Instance,
                Job = _job?.Message.Id,
                SecondsLeft = _job is { } job
                    ? Math.Max(0, (_options.JobTimeout - _time.GetElapsedTime(job.Started)).TotalSeconds)
                    : null,
            }
        );

    private void SendKept(KnownHost host)
    {
        foreach (var sent in host.Instance is { } instance ? _spool.For(instance) : [])
        {
            _node?.Send(host.Gate, sent with { IsFree = false });
        }
    }

    private void Stop()
    {
        _stopping = true;
        Report();
        EndIfDone();
    }

    private void GiveUp()
    {
        _givingUp = true;
        Stop();
        if (_job is { } job)
        {
            CancelJob(job);
        }
    }

    private void EndIfDone()
    {
        if (_stopping && _job is null)
        {
            Report(WorkerState.Stopped);
            _ended.TrySetResult(true);
        }
    }
}
