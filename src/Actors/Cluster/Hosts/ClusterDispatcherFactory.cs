using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Contracts.Errors;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>Has a monitor give its jobs to the workers of a cluster.</summary>
/// <param name="options">Which cluster, and how.</param>
/// <param name="logs">Where logs go.</param>
public sealed class ClusterDispatcherFactory(ClusterHostOptions options, ILoggerFactory logs) : IJobDispatcherFactory
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<Task<HostStatus>>? _status;

    /// <summary>Done once the host has begun: from then on it has a status.</summary>
    public Task Begun => _begun.Task;

    /// <summary>How the host is, and its workers; null while it has not begun.</summary>
    /// <exception cref="Akka.Actor.AskTimeoutException">The host does not answer.</exception>
    public async Task<HostStatus?> StatusAsync() =>
        _status is { } status ? await status().ConfigureAwait(false) : null;

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">The process cannot listen where it should.</exception>
    public IJobDispatcher Create(DispatcherContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var dispatcher = new ClusterDispatcher(options, context, logs);
        _status = dispatcher.StatusAsync;
        _begun.TrySetResult();
        return dispatcher;
    }
}
