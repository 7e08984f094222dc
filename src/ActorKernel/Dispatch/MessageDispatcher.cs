namespace CurvatureMonitor.ActorKernel.Dispatch;

/// <summary>Gives mailboxes a thread to run on.</summary>
internal abstract class MessageDispatcher(string id, int throughput)
{
    public string Id => id;

    /// <summary>How many user messages an actor may process before others get their turn.</summary>
    public int Throughput { get; } = Math.Max(1, throughput);

    /// <summary>Called when an actor begins to use this dispatcher.</summary>
    public virtual void Attach(Actor.ActorPath actor) { }

    /// <summary>Called, on the dispatcher, when the actor has ended and its mailbox is closed.</summary>
    public virtual void Detach() { }

    /// <summary>Runs the mailbox once, soon. Never blocks.</summary>
    public abstract void Schedule(Mailbox mailbox);
}

/// <summary>The default: the thread pool.</summary>
internal sealed class ThreadPoolDispatcher(string id, int throughput) : MessageDispatcher(id, throughput)
{
    public override void Schedule(Mailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);
}
