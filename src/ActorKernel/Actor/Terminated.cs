using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// A watched actor has stopped; the sender is that actor. Delivered at most once, and only while still watching. Left
/// unhandled it throws <see cref="DeathPactException"/>, which by default stops the watcher too.
/// </summary>
public sealed class Terminated
    : IAutoReceivedMessage,
        IPossiblyHarmful,
        IDeadLetterSuppression,
        INoSerializationVerificationNeeded
{
    internal Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    /// <summary>Who stopped.</summary>
    public IActorRef ActorRef { get; }

    /// <summary>False when the actor was dead already before the watch began.</summary>
    public bool ExistenceConfirmed { get; }

    /// <summary>Always false here: there is no remote address that could be lost.</summary>
    public bool AddressTerminated { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}
