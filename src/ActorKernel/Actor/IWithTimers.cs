namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// An actor that wants timers. The runtime sets them after construction: start them in <c>PreStart</c> or later.
/// </summary>
public interface IWithTimers
{
    /// <summary>The timers.</summary>
    ITimerScheduler Timers { get; set; }
}
