using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Errors;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>A curvature worker: joins a cluster, and does jobs of its hosts, one at a time.</summary>
public sealed class WorkerNode : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(4.5);

    // A job ends between two curvature products; one that is not given back counts as an attempt.
    private static readonly TimeSpan GivingUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    private readonly ActorSystem _system;
    private readonly IActorRef _actor;
    private readonly ClusterNode _node;
    private readonly AnswerSpool _spool;
    private readonly IClaimCache _cache;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<bool> _ended;
    private int _disposed;

    private WorkerNode(
        ActorSystem system,
        IActorRef actor,
        ClusterNode node,
        AnswerSpool spool,
        IClaimCache cache,
        TimeProvider time,
        TaskCompletionSource<bool> ended
    )
    {
        (_system, _actor, _node, _spool) = (system, actor, node, spool);
        (_cache, _time, _ended) = (cache, time, ended);
    }

    /// <summary>
    /// Done when the worker has ended: true in order, false when it lost its hosts or was shut out, so that another
    /// process must take its place.
    /// </summary>
    public Task<bool> Completion => _ended.Task;

    /// <summary>
    /// Starts a worker. It joins by itself, as soon as a host is there: one that is not there yet is no error.
    /// </summary>
    /// <param name="options">Settings.</param>
    /// <param name="cache">Gets the files of jobs; disposed with the worker.</param>
    /// <param name="analyzers">Who measures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    /// <exception cref="UserErrorException">The process cannot listen where it should.</exception>
    /// <exception cref="Storage.BundleException">The folder of answers cannot be written.</exception>
    public static WorkerNode Start(
        WorkerNodeOptions options,
        IClaimCache cache,
        ICheckpointAnalyzerFactory analyzers,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logs);
        var logger = logs.CreateLogger<WorkerNode>();
        var spool = new AnswerSpool(options.AnswersDirectory, time, logger);
        var system = ActorRuntime.Start("worker", time, ShutdownGrace, logs);
        try
        {
            var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = system.ActorOf(
                Props.Create(() => new WorkerNodeActor(options, cache, analyzers, spool, ended, time, logger)),
                "worker"
            );
            var node = ClusterNode.Start(options.Node, NodeRole.Worker, actor, logs);
            actor.Tell(new NodeBegan(node), ActorRefs.NoSender);
            return new WorkerNode(system, actor, node, spool, cache, time, ended);
        }
        catch
        {
            spool.Dispose();
            _ = system.Terminate();
            throw;
        }
    }

    /// <summary>
    /// Stops: takes no more jobs, finishes the one at hand where that is quick, and gives it back otherwise.
    /// </summary>
    /// <param name="grace">How long that may take.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        _actor.Tell(StopWorker.Instance, ActorRefs.NoSender);
        if (!await EndsWithinAsync(grace * 0.7).ConfigureAwait(false))
        {
            _actor.Tell(GiveUpJob.Instance, ActorRefs.NoSender);
            await EndsWithinAsync(grace * 0.3 > GivingUp ? grace * 0.3 : GivingUp).ConfigureAwait(false);
        }

        await _node.LeaveAsync().ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Stops at once: what is not finished is given to another worker, and answers that no host has taken stay on disk.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _node.DisposeAsync().ConfigureAwait(false);

            // A native call that hangs holds its actor; what is left of it ends with the process.
            await EndAsync(_system.Terminate()).ConfigureAwait(false);
            _spool.Dispose();
            _cache.Dispose();
        }
    }

    private Task<bool> EndsWithinAsync(TimeSpan limit) => WithinAsync(_ended.Task, limit);

    private Task<bool> EndAsync(Task terminated) => WithinAsync(terminated, Ending);

    private async Task<bool> WithinAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
