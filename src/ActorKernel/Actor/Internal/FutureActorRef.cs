using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>
/// A reference that takes one message, the answer to an Ask or the death of a watched actor; later ones are dead
/// letters.
/// </summary>
internal sealed class FutureActorRef(ActorSystemImpl system) : InternalActorRef
{
    private readonly TaskCompletionSource<object> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ActorPath Path { get; } = system.NextTempPath();

    public override ActorSystemImpl? System => system;

    public override bool IsTerminated => _result.Task.IsCompleted;

    public Task<object> Result => _result.Task;

    public bool TryFail(Exception cause) => _result.TrySetException(cause);

    public bool TryCancel(CancellationToken token) => _result.TrySetCanceled(token);

    public override void SendSystemMessage(SystemMessage message)
    {
        if (message is DeathWatchNotification death)
        {
            _result.TrySetResult(new Terminated(death.Actor, death.ExistenceConfirmed, addressTerminated: false));
        }
        else
        {
            AnswerWatch(message);
        }
    }

    /// <summary>Lets the reference fail after a time; the clock is let go when the answer comes first.</summary>
    public void ExpireAfter(TimeSpan timeout, Func<Exception> failure)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        var expiry = new Cancelable(system.Scheduler);
        system.Scheduler.Advanced.ScheduleOnce(timeout, () => TryFail(failure()), expiry);
        Result.ContinueWith(
            _ => expiry.Cancel(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    protected override void Deliver(Envelope envelope)
    {
        if (!_result.TrySetResult(envelope.Message))
        {
            system.UndeliveredMessage(envelope, this);
        }
    }
}
