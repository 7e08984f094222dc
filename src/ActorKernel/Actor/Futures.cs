using System.Globalization;
using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Asking: a message whose answer is a task. Where no timeout is given,
/// <see cref="Configuration.KernelSetup.AskTimeout"/> holds (Akka.NET waits for ever). The task fails with
/// <see cref="AskTimeoutException"/> when no answer came in time, with <see cref="TaskCanceledException"/> when
/// cancelled, with <see cref="ArgumentException"/> when the answer is of another type (it then becomes a dead letter),
/// and with the cause of a <see cref="Status.Failure"/> unless that is the type asked for.
/// </summary>
public static class Futures
{
    /// <summary>Asks, for an answer of any type.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks, for an answer of any type.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks.</summary>
    public static Task<T> Ask<T>(
        this ICanTell self,
        object message,
        TimeSpan? timeout,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(message);
        return self.Ask<T>(_ => message, timeout, cancellationToken);
    }

    /// <summary>Asks, with a message that carries the reference to answer to.</summary>
    public static Task<T> Ask<T>(
        this ICanTell self,
        Func<IActorRef, object> messageFactory,
        TimeSpan? timeout,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(messageFactory);
        var system = (self as InternalActorRef)?.System
            ?? ActorCell.Current?.SystemImpl
            ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(self));
        var future = new FutureActorRef(system);
        return AskCore<T>(
            system,
            future,
            self,
            messageFactory(future),
            timeout ?? system.Setup.AskTimeout,
            cancellationToken
        );
    }

    private static async Task<T> AskCore<T>(
        ActorSystemImpl system,
        FutureActorRef future,
        ICanTell target,
        object message,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        using var cancellation = cancellationToken.Register(() => future.TryCancel(cancellationToken));
        if (!future.Result.IsCompleted)
        {
            future.ExpireAfter(timeout, () =>
                new AskTimeoutException(
                    string.Create(CultureInfo.InvariantCulture, $"Timeout after {timeout.TotalSeconds:0.00} seconds")
                )
            );
            target.Tell(message, future);
        }

        // Off the asking actor: unpacking the answer needs nothing of it; its own await of the result returns to it.
        var reply = await future.Result.ConfigureAwait(false);
        switch (reply)
        {
            case T answer:
                return answer;
            case Status.Failure failure:
                throw failure.Cause;
            default:
                system.DeadLetters.Tell(reply, future);
                throw new ArgumentException(
                    $"Received message of type [{reply.GetType()}] - Ask expected message of type [{typeof(T)}]"
                );
        }
    }
}
