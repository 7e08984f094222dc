namespace CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

/// <summary>
/// Lock-free stack of system messages: many push, the owner of the mailbox takes everything at once and reverses it,
/// which gives arrival order. Closing is atomic with pushing: after <see cref="Close"/> every push is refused, so no
/// message is lost between the two.
/// </summary>
internal sealed class SystemMessageQueue
{
    private sealed record Node(SystemMessage Message, Node? Next);

    private static readonly Node Closed = new(new Terminate(), null);

    private Node? _head;

    public bool HasMessages
    {
        get
        {
            var head = Volatile.Read(ref _head);
            return head is not null && !ReferenceEquals(head, Closed);
        }
    }

    /// <summary>Adds a message; false when closed.</summary>
    public bool TryEnqueue(SystemMessage message)
    {
        while (true)
        {
            var head = Volatile.Read(ref _head);
            if (ReferenceEquals(head, Closed))
            {
                return false;
            }

            if (ReferenceEquals(Interlocked.CompareExchange(ref _head, new Node(message, head), head), head))
            {
                return true;
            }
        }
    }

    /// <summary>Takes all messages, oldest first. Only the owner of the mailbox may call this.</summary>
    public IReadOnlyList<SystemMessage> Drain() => HasMessages ? InOrder(Interlocked.Exchange(ref _head, null)) : [];

    /// <summary>
    /// Refuses messages from now on and returns those still waiting, oldest first. Only the owner of the mailbox may
    /// call this.
    /// </summary>
    public IReadOnlyList<SystemMessage> Close()
    {
        var head = Interlocked.Exchange(ref _head, Closed);
        return ReferenceEquals(head, Closed) ? [] : InOrder(head);
    }

    private static List<SystemMessage> InOrder(Node? head)
    {
        var messages = new List<SystemMessage>();
        for (var node = head; node is not null; node = node.Next)
        {
            messages.Add(node.Message);
        }

        messages.Reverse();
        return messages;
    }
}
