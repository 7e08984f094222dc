namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Timers of one actor, told apart by key. A new timer under a key replaces the old one, and a message of a replaced,
/// cancelled or earlier-incarnation timer is never seen, even if it is in the mailbox already. All end with a restart
/// or stop.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>Sends the actor a message again and again, first after one interval.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Sends the actor a message again and again.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Sends the actor a message once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Whether a timer runs under that key.</summary>
    bool IsTimerActive(object key);

    /// <summary>Ends the timer under that key.</summary>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}
