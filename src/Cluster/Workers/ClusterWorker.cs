using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Cluster.Claims;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>A curvature worker: takes jobs from the broker, one at a time, and sends what they gave.</summary>
public sealed class ClusterWorker : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(4.5);

    private readonly ActorSystem _system;
    private readonly IActorRef _actor;
    private readonly IClaimCache _cache;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _linkEnded;
    private int _disposed;

    private ClusterWorker(
        ActorSystem system,
        IActorRef actor,
        IClaimCache cache,
        TimeProvider time,
        TaskCompletionSource linkEnded
    )
    {
        (_system, _actor, _cache, _time, _linkEnded) = (system, actor, cache, time, linkEnded);
        Completion = linkEnded.Task;
    }

    /// <summary>Done when the worker has ended and its connection is closed.</summary>
    public Task Completion { get; }

    /// <summary>
    /// Starts a worker. It connects by itself, as often as it must: a broker that is not there yet is no error.
    /// </summary>
    /// <param name="options">Settings.</param>
    /// <param name="cache">Gets the files of jobs; disposed with the worker.</param>
    /// <param name="analyzers">Who measures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="cancellation">Gives up the start.</param>
    public static Task<ClusterWorker> StartAsync(
        WorkerOptions options,
        IClaimCache cache,
        ICheckpointAnalyzerFactory analyzers,
        TimeProvider time,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logs);
        cancellation.ThrowIfCancellationRequested();
        var logger = logs.CreateLogger("CurvatureMonitor.Cluster");
        var system = ActorRuntime.Start("worker", time, ShutdownGrace, logs);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.ActorOf(
            Props.Create(() => new WorkerActor(options, cache, analyzers, time, logger, ended, options.Metrics)),
            "worker"
        );
        return Task.FromResult(new ClusterWorker(system, actor, cache, time, ended));
    }

    /// <summary>
    /// Stops: takes no more jobs, finishes the one at hand where that is quick, and puts it back otherwise.
    /// </summary>
    /// <param name="grace">How long that may take.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        _actor.Tell(StopWorker.Instance, ActorRefs.NoSender);
        if (!await EndsWithinAsync(grace * 0.7).ConfigureAwait(false))
        {
            _actor.Tell(GiveUpJob.Instance, ActorRefs.NoSender);
            await EndsWithinAsync(grace * 0.3).ConfigureAwait(false);
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Stops at once: what is not finished is given to another worker.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            // A native call that hangs holds its actor; what is left of it ends with the process.
            _ = _system.Terminate();
            _actor.Tell(Kill.Instance, ActorRefs.NoSender);
            await EndsWithinAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
            _cache.Dispose();
        }
    }

    private async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        try
        {
            await _linkEnded.Task.WaitAsync(time, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
