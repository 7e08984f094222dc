using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>A message to an actor that does not exist (any more), or sent to the dead letters.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>Creates the notice.</summary>
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient) { }
}
