namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>An actor name is malformed or taken.</summary>
public sealed class InvalidActorNameException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public InvalidActorNameException(string message)
        : base(message) { }
}
