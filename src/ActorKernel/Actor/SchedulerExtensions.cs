namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Scheduling with a handle to call it off.</summary>
public static class SchedulerExtensions
{
    /// <summary>Sends a message once, unless the handle returned is cancelled.</summary>
    public static ICancelable ScheduleTellOnceCancelable(
        this IScheduler scheduler,
        TimeSpan delay,
        ICanTell receiver,
        object message,
        IActorRef? sender
    )
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellOnce(delay, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Sends a message again and again, until the handle returned is cancelled.</summary>
    public static ICancelable ScheduleTellRepeatedlyCancelable(
        this IScheduler scheduler,
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender
    )
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
        return cancelable;
    }
}
