namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>The stash of one incarnation.</summary>
internal sealed class StashImpl(ActorCell cell, int capacity) : IStash
{
    private readonly LinkedList<Envelope> _stashed = [];
    private long _lastDelivery = -1;

    public void Stash()
    {
        if (cell.CurrentEnvelope is not { } envelope)
        {
            throw new IllegalActorStateException("There is no message to stash");
        }

        // By delivery, not by value: two equal messages are two messages.
        if (_lastDelivery == cell.Delivery)
        {
            throw new IllegalActorStateException($"Can't stash the same message {envelope.Message} more than once");
        }

        if (capacity >= 0 && _stashed.Count >= capacity)
        {
            throw new StashOverflowException(
                $"Couldn't enqueue message {envelope.Message} to stash of {cell.Self}: it holds {capacity} already"
            );
        }

        _stashed.AddLast(envelope);
        _lastDelivery = cell.Delivery;
    }

    public void Unstash()
    {
        if (_stashed.First is { } first)
        {
            _stashed.RemoveFirst();
            cell.Mailbox.Messages.Prepend([first.Value]);
        }
    }

    public void UnstashAll() => PrependAll();

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        List<Envelope> picked = [.. ClearStash().Where(predicate)];
        cell.Mailbox.Messages.Prepend(picked);
    }

    public IEnumerable<Envelope> ClearStash()
    {
        List<Envelope> all = [.. _stashed];
        _stashed.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse())
        {
            _stashed.AddFirst(envelope);
        }
    }

    public void PrependAll()
    {
        if (_stashed.Count > 0)
        {
            cell.Mailbox.Messages.Prepend([.. ClearStash()]);
        }
    }
}
