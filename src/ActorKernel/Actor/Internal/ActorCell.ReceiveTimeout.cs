namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>The receive timeout.</summary>
internal sealed partial class ActorCell
{
    private ICancelable? _pendingReceiveTimeout;

    public TimeSpan? ReceiveTimeout { get; private set; }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is { } t)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(t, TimeSpan.Zero, nameof(timeout));
        }

        ReceiveTimeout = timeout;
    }

    private static bool InfluencesReceiveTimeout(object message) =>
        message is not INotInfluenceReceiveTimeout
        && message is not TimerMessage { Message: INotInfluenceReceiveTimeout };

    private void CancelReceiveTimeout()
    {
        _pendingReceiveTimeout?.Cancel();
        _pendingReceiveTimeout = null;
    }

    /// <summary>
    /// Starts the wait anew after a message, or ends it where it was turned off. While an asynchronous handler runs or
    /// a failure is being dealt with there is no wait.
    /// </summary>
    private void RearmReceiveTimeout(bool influenced)
    {
        if (ReceiveTimeout is not { } timeout || _handlersRunning > 0 || _failed is not null || Mailbox.IsClosed)
        {
            CancelReceiveTimeout();
        }
        else if (influenced || _pendingReceiveTimeout is null)
        {
            CancelReceiveTimeout();
            _pendingReceiveTimeout = SystemImpl.Scheduler.ScheduleTellOnceCancelable(
                timeout,
                Self,
                Actor.ReceiveTimeout.Instance,
                Self
            );
        }
    }
}
