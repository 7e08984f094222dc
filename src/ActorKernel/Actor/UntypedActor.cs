namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>An actor with one handler for everything; every message counts as handled.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>The surroundings of the running actor.</summary>
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => HandleMessage(message);

    /// <summary>Handles a message.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the behaviour on top of the stack.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the stack.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    /// <summary>
    /// Runs asynchronous work inside the actor: until it ends no other message is processed, and its continuations see
    /// this actor's context, this message and this sender. What it throws is a failure of the actor.
    /// </summary>
    protected void RunTask(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Cell.RunTask(action);
    }

    private protected virtual bool HandleMessage(object message)
    {
        OnReceive(message);
        return true;
    }
}
