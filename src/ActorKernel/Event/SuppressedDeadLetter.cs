using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>
/// Like <see cref="DeadLetter"/>, for a message whose loss is normal (<see cref="IDeadLetterSuppression"/>).
/// </summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    /// <summary>Creates the notice.</summary>
    public SuppressedDeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient) { }
}
