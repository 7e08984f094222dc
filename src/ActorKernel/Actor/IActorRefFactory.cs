namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Creates actors: the system at the top level, a context as children.</summary>
public interface IActorRefFactory
{
    /// <summary>
    /// Creates an actor and returns its reference before its constructor has run: construction happens on the actor's
    /// own dispatcher, a failure in it goes to the supervisor.
    /// </summary>
    /// <param name="props">The recipe.</param>
    /// <param name="name">A name unique among siblings, see <see cref="ActorPath.IsValidPathElement"/>; null for one
    /// made up.</param>
    /// <exception cref="InvalidActorNameException">The name is malformed or taken.</exception>
    /// <exception cref="InvalidOperationException">The parent is terminating or gone.</exception>
    /// <exception cref="Configuration.ConfigurationException">The props name an unknown dispatcher or
    /// mailbox.</exception>
    IActorRef ActorOf(Props props, string? name = null);
}
