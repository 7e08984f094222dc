namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Sends messages later. Fires late, never early; repetitions keep the interval between one firing and the next.
/// </summary>
public interface ITellScheduler
{
    /// <summary>Sends a message once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="SchedulerException">The system has terminated.</exception>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>Sends a message once, unless called off.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="SchedulerException">The system has terminated.</exception>
    void ScheduleTellOnce(
        TimeSpan delay,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable
    );

    /// <summary>Sends a message again and again.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    /// <exception cref="SchedulerException">The system has terminated.</exception>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender
    );

    /// <summary>Sends a message again and again, until called off.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    /// <exception cref="SchedulerException">The system has terminated.</exception>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable
    );
}
