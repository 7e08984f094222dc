namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>No reply came to an Ask in time.</summary>
public sealed class AskTimeoutException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public AskTimeoutException(string message)
        : base(message) { }
}
