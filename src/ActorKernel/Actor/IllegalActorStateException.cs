namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>An actor did what its state forbids, such as stashing one message twice.</summary>
public sealed class IllegalActorStateException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public IllegalActorStateException(string message)
        : base(message) { }
}
