namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// A watched actor stopped and the watcher did not handle <see cref="Terminated"/>; by default the watcher is stopped
/// too.
/// </summary>
public sealed class DeathPactException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public DeathPactException(IActorRef deadActor)
        : base($"Monitored actor [{deadActor}] terminated") => DeadActor = deadActor;

    /// <summary>Who stopped.</summary>
    public IActorRef DeadActor { get; }
}
