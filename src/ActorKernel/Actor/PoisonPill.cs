using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Stops the actor when its turn comes: an ordinary message in the queue, so everything sent before it is processed
/// first.
/// </summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill() { }

    /// <summary>The only value.</summary>
    public static PoisonPill Instance { get; } = new();
}
