namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Runs actions later, on a thread of the clock and outside of any actor. Inside actors send yourself a message
/// instead.
/// </summary>
public interface IActionScheduler
{
    /// <summary>Runs an action once.</summary>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Runs an action once, unless called off.</summary>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    /// <summary>Runs an action again and again.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);

    /// <summary>Runs an action again and again, until called off.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);
}
