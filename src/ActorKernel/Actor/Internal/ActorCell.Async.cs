using System.Runtime.ExceptionServices;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>
/// Asynchronous handlers: the mailbox holds user messages back while one runs, so that nothing interleaves with it.
/// </summary>
internal sealed partial class ActorCell
{
    private int _handlersRunning;

    /// <summary>
    /// Runs an asynchronous handler; its continuations come back to this actor, with the message and the sender of now.
    /// </summary>
    public void RunTask(Func<Task> handler)
    {
        var scheduler = new ActorTaskScheduler(this, _currentEnvelope);
        var start = new Task<Task>(handler);
        start.RunSynchronously(scheduler);
        var running = start.Unwrap();
        if (running.IsCompleted)
        {
            // Nothing to wait for: as if it had been a synchronous handler.
            if (FailureOf(running) is { } cause)
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            return;
        }

        _handlersRunning++;
        Mailbox.Suspend();
        running.ContinueWith(
            static (task, state) =>
            {
                var scheduler = (ActorTaskScheduler)state!;
                scheduler.Cell.Self.SendSystemMessage(new HandlerCompleted(task, scheduler));
            },
            scheduler,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private void HandleCompletion(HandlerCompleted completed)
    {
        _handlersRunning--;
        Mailbox.Resume();
        if (FailureOf(completed.Handler) is not { } cause)
        {
            RearmReceiveTimeout(influenced: true);
        }
        else if (completed.Scheduler.Incarnation == Incarnation)
        {
            _currentEnvelope = completed.Scheduler.Envelope;
            HandleInvokeFailure(cause);
        }
        else
        {
            // The instance that ran it has been replaced; its failure must not fall upon the new one.
            Log.Warning(cause, "An asynchronous handler of an earlier instance failed");
        }
    }

    /// <summary>Why a task did not succeed, or null; a single exception is taken out of its aggregate.</summary>
    internal static Exception? FailureOf(Task task) =>
        task.IsCanceled ? new TaskCanceledException(task)
        : task.Exception is { InnerExceptions: [var single] } ? single
        : task.Exception;
}
