using System.Threading.Channels;
using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Dispatch;

/// <summary>
/// User messages of one actor: a channel that anyone writes and the actor reads, and in front of it a stack for what
/// the actor itself puts back (unstashing). The front belongs to whoever runs the mailbox; handing the mailbox from
/// thread to thread goes through its status word, which makes the front visible to the next one.
/// </summary>
internal abstract class MessageQueue
{
    private readonly Stack<Envelope> _front = new();
    private int _frontCount;

    /// <summary>Messages waiting, as far as can be told from outside.</summary>
    public int Count => Volatile.Read(ref _frontCount) + CountBack;

    public bool HasMessages => Volatile.Read(ref _frontCount) > 0 || HasBack;

    protected abstract int CountBack { get; }

    protected abstract bool HasBack { get; }

    /// <summary>Adds a message at the end; false when closed. Closing and adding are atomic to each other.</summary>
    public abstract bool TryEnqueue(Envelope envelope);

    /// <summary>Takes the next message.</summary>
    public bool TryDequeue(out Envelope envelope)
    {
        if (_front.TryPop(out envelope))
        {
            Volatile.Write(ref _frontCount, _front.Count);
            return true;
        }

        return TryDequeueBack(out envelope);
    }

    /// <summary>Puts messages back in front of all others, keeping their order.</summary>
    public void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        for (var i = envelopes.Count - 1; i >= 0; i--)
        {
            _front.Push(envelopes[i]);
        }

        Volatile.Write(ref _frontCount, _front.Count);
    }

    /// <summary>Refuses messages from now on; those inside can still be taken.</summary>
    public abstract void Close();

    protected abstract bool TryDequeueBack(out Envelope envelope);
}

/// <summary>The default: as many messages as memory holds.</summary>
internal sealed class UnboundedMessageQueue : MessageQueue
{
    private readonly Channel<Envelope> _channel = Channel.CreateUnbounded<Envelope>(
        new UnboundedChannelOptions { SingleReader = false }
    );

    protected override int CountBack => _channel.Reader.Count;

    protected override bool HasBack => _channel.Reader.TryPeek(out _);

    public override bool TryEnqueue(Envelope envelope) => _channel.Writer.TryWrite(envelope);

    public override void Close() => _channel.Writer.TryComplete();

    protected override bool TryDequeueBack(out Envelope envelope) => _channel.Reader.TryRead(out envelope);
}
