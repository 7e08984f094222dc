using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>A message given up although its recipient lives: the oldest of a full bounded mailbox.</summary>
public sealed class Dropped : AllDeadLetters
{
    /// <summary>Creates the notice.</summary>
    public Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient) => Reason = reason;

    /// <summary>Why it was given up.</summary>
    public string Reason { get; }
}
