using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Cluster.Claims;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>A curvature worker: takes jobs from the broker, one at a time, and sends what they gave.</summary>
public sealed class ClusterWorker : IAsyncDisposable
{
    private ClusterWorker()
    {
    }

    /// <summary>Done when the worker has stopped.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Starts a worker. It connects by itself, as often as it must: a broker that is not there yet is no error.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="cache">Gets the files of jobs; disposed with the worker.</param>
    /// <param name="analyzers">Who measures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="cancellation">Gives up the start.</param>
    public static Task<ClusterWorker> StartAsync(
        WorkerOptions options, IClaimCache cache, ICheckpointAnalyzerFactory analyzers, TimeProvider time, ILoggerFactory logs, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <summary>Stops: takes no more jobs, finishes the one at hand where that is quick, and puts it back otherwise.</summary>
    /// <param name="grace">How long that may take.</param>
    public Task StopAsync(TimeSpan grace) => throw new NotImplementedException();

    /// <summary>Stops at once.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
