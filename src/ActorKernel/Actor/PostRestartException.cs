namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// A restart failed: the constructor or <c>PostRestart</c> of the new instance threw. By default the actor is stopped.
/// </summary>
public sealed class PostRestartException : ActorInitializationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="actor">Who could not be restarted.</param>
    /// <param name="cause">What the new instance threw.</param>
    /// <param name="originalCause">What the restart was meant to mend.</param>
    public PostRestartException(IActorRef actor, Exception cause, Exception? originalCause)
        : base(actor, $"Exception post restart ({originalCause?.GetType().Name ?? "null"})", cause) =>
        OriginalCause = originalCause;

    /// <summary>What the restart was meant to mend.</summary>
    public Exception? OriginalCause { get; }
}
