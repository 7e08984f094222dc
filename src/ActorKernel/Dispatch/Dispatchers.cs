using CurvatureMonitor.ActorKernel.Configuration;

namespace CurvatureMonitor.ActorKernel.Dispatch;

/// <summary>
/// The dispatchers that <see cref="Actor.Props.WithDispatcher"/> may name. A pinned one is
/// <see cref="KernelSetup.PinnedDispatcherId"/>.
/// </summary>
public sealed class Dispatchers
{
    /// <summary>The thread pool; 30 messages a turn.</summary>
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    /// <summary>The runtime's own actors; the thread pool, 5 messages a turn.</summary>
    public static readonly string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private readonly ThreadPoolDispatcher _default;
    private readonly ThreadPoolDispatcher _internal = new(InternalDispatcherId, 5);

    internal Dispatchers(KernelSetup setup) =>
        _default = new ThreadPoolDispatcher(DefaultDispatcherId, setup.Throughput);

    /// <summary>Whether a dispatcher of that name exists.</summary>
    public bool HasDispatcher(string id) =>
        id == DefaultDispatcherId || id == InternalDispatcherId || id == KernelSetup.PinnedDispatcherId;

    /// <summary>The dispatcher of that name; a new one each time where the name stands for a pinned one.</summary>
    internal MessageDispatcher Lookup(string id)
    {
        if (id.Length == 0 || id == DefaultDispatcherId)
        {
            return _default;
        }

        if (id == InternalDispatcherId)
        {
            return _internal;
        }

        return id == KernelSetup.PinnedDispatcherId
            ? new PinnedDispatcher(id, _default.Throughput)
            : throw new ConfigurationException(
                $"Dispatcher [{id}] is unknown; there are [{DefaultDispatcherId}] and "
                    + $"[{KernelSetup.PinnedDispatcherId}]."
            );
    }
}
