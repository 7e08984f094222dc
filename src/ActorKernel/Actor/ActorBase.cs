using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Base of all actors: one message at a time, state nobody else touches, hooks around birth, restart and death. Made
/// through <see cref="Actor.Props"/> only.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;
    private SupervisorStrategy? _strategy;

    /// <summary>Called by the runtime.</summary>
    /// <exception cref="ActorInitializationException">The actor was made with <c>new</c>, outside of the
    /// runtime.</exception>
    protected ActorBase()
    {
        _cell = ActorCell.Current
            ?? throw new ActorInitializationException(
                $"You cannot create an instance of {GetType()} explicitly using the constructor (new): use ActorOf "
                    + $"with Props."
            );
        ReceiveDelegate = Receive;
    }

    internal Receive ReceiveDelegate { get; }

    internal ActorCell Cell => _cell;

    internal SupervisorStrategy EffectiveStrategy => _strategy ??= SupervisorStrategy();

    /// <summary>The surroundings of the running actor.</summary>
    /// <exception cref="NotSupportedException">No actor runs this code, for instance after
    /// <c>ConfigureAwait(false)</c>.</exception>
    protected static IActorContext Context =>
        ActorCell.Current
        ?? throw new NotSupportedException(
            "There is no active ActorContext, this is most likely due to use of async operations from within this "
                + "actor."
        );

    /// <summary>This actor's reference; valid on every thread.</summary>
    protected IActorRef Self => _cell.Self;

    /// <summary>Sender of the message being processed; the dead letters when it had none.</summary>
    protected IActorRef Sender => Context.Sender;

    /// <summary>The behaviour the actor starts with. Returns whether the message was handled.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Runs after construction, before the first message.</summary>
    protected virtual void PreStart() { }

    /// <summary>Runs when the actor has stopped and its children are gone.</summary>
    protected virtual void PostStop() { }

    /// <summary>
    /// Runs on the failed instance before it is replaced. By default stops all children, then calls
    /// <see cref="PostStop"/>.
    /// </summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The message being processed at the failure, or null.</param>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        foreach (var child in _cell.GetChildren())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs on the new instance after a restart. By default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How failures of children are answered; asked once an instance. Props may name another.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>
    /// A message that the behaviour did not match: by default published as <see cref="UnhandledMessage"/>; a
    /// <see cref="Terminated"/> throws.
    /// </summary>
    /// <exception cref="DeathPactException">The message is <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        _cell.System.EventStream.Publish(new UnhandledMessage(message, _cell.Sender, Self));
    }

    /// <summary>Replaces the behaviour on top of the stack.</summary>
    protected void Become(Receive receive) => _cell.Become(receive);

    /// <summary>Puts a behaviour on top of the stack.</summary>
    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    /// <summary>Goes back to the behaviour below; the last one stays.</summary>
    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    internal void AroundReceive(Receive behaviour, object message)
    {
        if (!behaviour(message))
        {
            Unhandled(message);
        }
    }

    internal void AroundPreStart() => PreStart();

    internal void AroundPostStop() => PostStop();

    internal void AroundPreRestart(Exception reason, object? message) => PreRestart(reason, message);

    internal void AroundPostRestart(Exception reason) => PostRestart(reason);
}
