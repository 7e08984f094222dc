using CurvatureMonitor.Actors.Jobs;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>Has a monitor give its jobs to the workers of a cluster.</summary>
/// <param name="options">Which cluster, and how.</param>
public sealed class ClusterDispatcherFactory(HostClusterOptions options) : IJobDispatcherFactory
{
    /// <inheritdoc/>
    public IJobDispatcher Create(DispatcherContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new BrokerDispatcher(options, context);
    }
}
