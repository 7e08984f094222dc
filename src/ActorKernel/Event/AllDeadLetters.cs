using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>
/// Base of all notices of undelivered messages on the event stream; subscribe to it to see every one.
/// </summary>
public abstract class AllDeadLetters
{
    private protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <summary>What was not delivered.</summary>
    public object Message { get; }

    /// <summary>Who sent it; the dead letters if nobody.</summary>
    public IActorRef Sender { get; }

    /// <summary>Whom it was meant for.</summary>
    public IActorRef Recipient { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}
