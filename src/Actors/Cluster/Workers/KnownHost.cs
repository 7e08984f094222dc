using Akka.Actor;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>A host that is a member of the cluster.</summary>
/// <param name="gate">The actor to which its messages are sent.</param>
internal sealed class KnownHost(IActorRef gate)
{
    public IActorRef Gate { get; } = gate;

    /// <summary>Its data directory; null while it has not said.</summary>
    public string? Instance { get; set; }

    /// <summary>The last of its assignments that came here.</summary>
    public long LastAssignment { get; set; }
}
