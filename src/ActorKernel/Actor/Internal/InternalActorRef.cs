using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>What the runtime can do with every reference of its own.</summary>
internal abstract class InternalActorRef : IActorRef
{
    public abstract ActorPath Path { get; }

    /// <summary>The system it belongs to; null for nobody.</summary>
    public abstract ActorSystemImpl? System { get; }

    /// <summary>Whether messages can no longer be delivered.</summary>
    public virtual bool IsTerminated => false;

    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        Deliver(new Envelope(message, sender));
    }

    public abstract void SendSystemMessage(SystemMessage message);

    public virtual void Stop() { }

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public sealed override int GetHashCode() =>
        global::System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public int CompareTo(IActorRef? other)
    {
        var byPath = Path.CompareTo(other?.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other!.Path.Uid);
    }

    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    public override string ToString() => Path.Uid == 0 ? $"[{Path}]" : $"[{Path}#{Path.Uid}]";

    /// <summary>Delivers a message that is known not to be null.</summary>
    protected abstract void Deliver(Envelope envelope);

    /// <summary>
    /// For references without an actor behind them: whoever watches learns at once that there is nobody.
    /// </summary>
    protected void AnswerWatch(SystemMessage message)
    {
        if (message is Watch watch)
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, ExistenceConfirmed: false));
        }
    }
}

/// <summary>Stands for no actor.</summary>
internal sealed class NobodyRef : InternalActorRef
{
    public static readonly NobodyRef Instance = new();

    public override ActorPath Path { get; } = ActorPath.RootOf("all-systems") / "Nobody";

    public override ActorSystemImpl? System => null;

    public override bool IsTerminated => true;

    public override void SendSystemMessage(SystemMessage message) => AnswerWatch(message);

    protected override void Deliver(Envelope envelope) { }
}

/// <summary>Where messages without a living recipient end: on the event stream.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : InternalActorRef
{
    public override ActorPath Path => path;

    public override ActorSystemImpl? System => system;

    public override void SendSystemMessage(SystemMessage message) => AnswerWatch(message);

    protected override void Deliver(Envelope envelope) => system.UndeliveredMessage(envelope, this);
}

/// <summary>
/// An actor of this process. Its incarnation is fixed: restarts keep it, an actor created anew under the name gets
/// another.
/// </summary>
internal sealed class LocalActorRef : InternalActorRef
{
    public LocalActorRef(ActorSystemImpl system, Props props, InternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, parent);
    }

    public override ActorPath Path { get; }

    public override ActorSystemImpl? System => Cell.SystemImpl;

    public override bool IsTerminated => Cell.Mailbox.IsClosed;

    public ActorCell Cell { get; }

    /// <summary>Sets the actor going; called once, after the parent knows it.</summary>
    public void Start() => SendSystemMessage(new Create());

    public override void Stop() => SendSystemMessage(new Terminate());

    public override void SendSystemMessage(SystemMessage message)
    {
        if (!Cell.Mailbox.TryEnqueue(message))
        {
            Cell.SystemImpl.DeadSystemMessage(message, this);
        }
    }

    protected override void Deliver(Envelope envelope)
    {
        if (!Cell.Mailbox.TryEnqueue(envelope))
        {
            Cell.SystemImpl.UndeliveredMessage(envelope, this);
        }
    }
}
