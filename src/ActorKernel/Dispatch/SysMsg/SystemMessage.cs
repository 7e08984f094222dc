using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

/// <summary>
/// What actors and the runtime tell each other about life and death. System messages overtake user messages and run
/// even when the mailbox is suspended, but some kinds wait until the actor is back in order.
/// </summary>
internal abstract record SystemMessage
{
    /// <summary>Waits while the mailbox is suspended.</summary>
    public virtual bool WaitsWhenSuspended => false;

    /// <summary>Waits while a restart waits for children to stop.</summary>
    public virtual bool WaitsForChildren => false;
}

/// <summary>First message of every actor: construct and start.</summary>
internal sealed record Create : SystemMessage;

/// <summary>Restart, the cause being the actor's own failure or that of an ancestor.</summary>
internal sealed record Recreate(Exception Cause) : SystemMessage
{
    public override bool WaitsForChildren => true;
}

/// <summary>An ancestor failed: process no user messages until resumed or restarted.</summary>
internal sealed record Suspend : SystemMessage
{
    public override bool WaitsForChildren => true;
}

/// <summary>Undoes one <see cref="Suspend"/>; with a cause it answers the actor's own failure.</summary>
internal sealed record Resume(Exception? CausedByFailure) : SystemMessage
{
    public override bool WaitsForChildren => true;
}

/// <summary>Stop.</summary>
internal sealed record Terminate : SystemMessage;

/// <summary>Somebody wants to know of the watchee's death.</summary>
internal sealed record Watch(InternalActorRef Watchee, InternalActorRef Watcher) : SystemMessage;

/// <summary>Undoes <see cref="Watch"/>.</summary>
internal sealed record Unwatch(InternalActorRef Watchee, InternalActorRef Watcher) : SystemMessage;

/// <summary>Child to parent: I failed and am suspended, decide.</summary>
internal sealed record Failed(InternalActorRef Child, Exception Cause, long Uid) : SystemMessage
{
    public override bool WaitsWhenSuspended => true;

    public override bool WaitsForChildren => true;
}

/// <summary>An actor is gone; to its parent and its watchers.</summary>
internal sealed record DeathWatchNotification(InternalActorRef Actor, bool ExistenceConfirmed) : SystemMessage;

/// <summary>A continuation of an asynchronous handler wants to run in the actor.</summary>
internal sealed record RunContinuation(Task Task, ActorTaskScheduler Scheduler) : SystemMessage;

/// <summary>An asynchronous handler has ended.</summary>
internal sealed record HandlerCompleted(Task Handler, ActorTaskScheduler Scheduler) : SystemMessage;
