namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Thrown in an actor that received <see cref="Kill"/>; by default it is stopped.</summary>
public sealed class ActorKilledException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public ActorKilledException(string message)
        : base(message) { }
}
