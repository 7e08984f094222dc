namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// What an actor sees of its surroundings. Valid only on the actor's own thread of control: in handlers, hooks and
/// their awaited continuations.
/// </summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>The actor's own reference.</summary>
    IActorRef Self { get; }

    /// <summary>The recipe it was made from.</summary>
    Props Props { get; }

    /// <summary>Sender of the message being processed; the dead letters when it had none.</summary>
    IActorRef Sender { get; }

    /// <summary>The system it lives in.</summary>
    ActorSystem System { get; }

    /// <summary>The actor that supervises it.</summary>
    IActorRef Parent { get; }

    /// <summary>The receive timeout in force, or null.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the behaviour on top of the stack; the one given at construction is never lost.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the stack.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Goes back to the behaviour below; the last one stays.</summary>
    void UnbecomeStacked();

    /// <summary>The child of that name, or <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>The children alive now.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>
    /// Asks for a <see cref="Actor.ReceiveTimeout"/> message whenever that long passes without a message; it repeats.
    /// Null turns it off.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not positive.</exception>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>
    /// Stops a child (or oneself): the message in hand is finished, nothing queued is processed, children stop first.
    /// Asynchronous.
    /// </summary>
    void Stop(IActorRef child);
}
