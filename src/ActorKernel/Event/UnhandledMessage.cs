using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>On the event stream: a message that the behaviour of its recipient did not match.</summary>
public sealed class UnhandledMessage
{
    /// <summary>Creates the notice.</summary>
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <summary>Who did not handle it.</summary>
    public IActorRef Recipient { get; }
}
