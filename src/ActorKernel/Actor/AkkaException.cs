namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Base of what the runtime throws. Mirror of Akka.NET's class of that name.</summary>
public abstract class AkkaException : Exception
{
    private protected AkkaException(string message, Exception? cause = null)
        : base(message, cause) { }

    /// <summary>The exception behind this one, or null.</summary>
    protected Exception? Cause => InnerException;
}
