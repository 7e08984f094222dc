using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Sending with the sender filled in from the running actor.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>
    /// Sends <paramref name="message"/>; the sender is the actor that runs this code, or nobody outside of actors.
    /// </summary>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    public static void Tell(this IActorRef receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorCell.Current?.Self);
    }

    /// <summary>Passes a message on and keeps the sender of the message being processed.</summary>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    public static void Forward(this IActorRef receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorCell.Current?.Sender);
    }

    /// <summary>Whether this is <see cref="ActorRefs.Nobody"/> or null.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or NobodyRef;
}
