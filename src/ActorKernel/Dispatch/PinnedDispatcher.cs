using System.Collections.Concurrent;
using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Dispatch;

/// <summary>
/// One thread for one actor, from its construction to its end and through every restart: for actors that block or that
/// compute long in native code. It is no pool thread.
/// </summary>
internal sealed class PinnedDispatcher(string id, int throughput) : MessageDispatcher(id, throughput)
{
    // At most one entry at a time, since a mailbox is scheduled once until it has run.
    private readonly BlockingCollection<Mailbox> _turns = [];
    private int _owned;

    public override void Attach(ActorPath actor)
    {
        if (Interlocked.Exchange(ref _owned, 1) != 0)
        {
            throw new InvalidOperationException(
                $"Cannot register {actor} with pinned dispatcher {Id}: it belongs to another actor already."
            );
        }

        new Thread(Loop) { IsBackground = true, Name = actor.ToStringWithoutAddress() }.Start();
    }

    /// <summary>
    /// Ends the thread once the turn that called this is over; the mailbox is closed, so nobody schedules it any more.
    /// </summary>
    public override void Detach() => _turns.CompleteAdding();

    public override void Schedule(Mailbox mailbox) => _turns.Add(mailbox);

    private void Loop()
    {
        foreach (var mailbox in _turns.GetConsumingEnumerable())
        {
            mailbox.Run();
        }

        _turns.Dispose();
    }
}
