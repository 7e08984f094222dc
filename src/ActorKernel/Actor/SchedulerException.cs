namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>The scheduler cannot take the job.</summary>
public sealed class SchedulerException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    public SchedulerException(string message)
        : base(message) { }
}
