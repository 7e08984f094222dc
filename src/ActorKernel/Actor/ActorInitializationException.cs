namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Construction or <c>PreStart</c> failed; by default the actor is stopped.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public ActorInitializationException(string message)
        : base(message) { }

    /// <summary>Creates the exception with the actor concerned and the cause.</summary>
    public ActorInitializationException(IActorRef actor, string message, Exception? cause = null)
        : base(message, cause) => Actor = actor;

    /// <summary>Who failed to start, if known.</summary>
    public IActorRef? Actor { get; set; }
}
