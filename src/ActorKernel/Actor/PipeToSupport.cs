using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Sending the outcome of a task to an actor.</summary>
public static class PipeToSupport
{
    /// <summary>
    /// Sends the result when the task ends, or a <see cref="Status.Failure"/> when it fails. The actor goes on with
    /// other messages meanwhile.
    /// </summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who gets the outcome.</param>
    /// <param name="sender">Who is named as sender.</param>
    /// <param name="success">Makes the message from the result; by default the result itself, which must not be
    /// null.</param>
    /// <param name="failure">Makes the message from the exception.</param>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe,
        ICanTell recipient,
        IActorRef? sender = null,
        Func<T, object>? success = null,
        Func<Exception, object>? failure = null
    )
    {
        ArgumentNullException.ThrowIfNull(taskToPipe);
        ArgumentNullException.ThrowIfNull(recipient);
        await ((Task)taskToPipe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ActorCell.FailureOf(taskToPipe) is { } cause)
        {
            recipient.Tell(failure?.Invoke(cause) ?? new Status.Failure(cause), sender);
        }
        else
        {
            var result = await taskToPipe.ConfigureAwait(false);
            recipient.Tell(success is null ? result! : success(result), sender);
        }
    }
}
