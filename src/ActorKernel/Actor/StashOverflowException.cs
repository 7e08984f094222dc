namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>The stash holds as many messages as <see cref="Props.WithStashCapacity"/> allows.</summary>
public sealed class StashOverflowException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public StashOverflowException(string message)
        : base(message) { }
}
