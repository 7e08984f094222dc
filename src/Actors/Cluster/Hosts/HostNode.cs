using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Nodes;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>
/// The node of a host: another takes its place when the cluster has shut it out, for runs outlive it. Thread-safe.
/// </summary>
internal sealed class HostNode : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private ClusterNode? _node;
    private bool _disposed;

    /// <summary>The node; null while the host takes no part in the cluster.</summary>
    public ClusterNode? Current
    {
        get
        {
            lock (_gate)
            {
                return _node;
            }
        }
    }

    /// <summary>Takes part in the cluster; does nothing once it is disposed.</summary>
    /// <inheritdoc cref="ClusterNode.Start"/>
    public void Start(NodeOptions options, IActorRef owner, ILoggerFactory logs)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _node = ClusterNode.Start(options, NodeRole.Host, owner, logs);
            }
        }
    }

    /// <summary>A node has ended.</summary>
    /// <returns>Whether another is wanted.</returns>
    public bool Lose(ClusterNode ended)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(ended, _node))
            {
                return false;
            }

            _node = null;
            return !_disposed;
        }
    }

    /// <summary>Leaves the cluster for good.</summary>
    public async ValueTask DisposeAsync()
    {
        ClusterNode? last;
        lock (_gate)
        {
            (last, _disposed) = (_node, true);
        }

        if (last is not null)
        {
            await last.LeaveAsync().ConfigureAwait(false);
            await last.DisposeAsync().ConfigureAwait(false);
        }
    }
}
