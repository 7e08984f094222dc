using System.Threading.Channels;
using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Dispatch;

/// <summary>
/// At most so many messages; a newer one drives out the oldest, which is reported, and the sender never waits.
/// (Akka.NET's bounded mailbox blocks the sender instead; a monitor must not.) Messages that the runtime itself
/// understands, such as <see cref="PoisonPill"/> and <see cref="Terminated"/>, are never lost: driven out they are the
/// oldest of all and wait in a lane of their own, in front of the channel.
/// </summary>
internal sealed class BoundedMessageQueue : MessageQueue
{
    // Held over every operation on the channel, so that a message moving from the channel to the rescued lane is never
    // overtaken.
    private readonly Lock _gate = new();
    private readonly Channel<Envelope> _channel;
    private readonly Queue<Envelope> _rescued = new();
    private readonly Action<Envelope> _dropped;
    private Envelope? _evicted;

    /// <param name="capacity">How many messages it holds.</param>
    /// <param name="dropped">Told of each message given up; called on the sender's thread, no lock held.</param>
    public BoundedMessageQueue(int capacity, Action<Envelope> dropped)
    {
        _dropped = dropped;
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest };
        _channel = Channel.CreateBounded<Envelope>(options, envelope => _evicted = envelope);
    }

    protected override int CountBack
    {
        get
        {
            lock (_gate)
            {
                return _rescued.Count + _channel.Reader.Count;
            }
        }
    }

    protected override bool HasBack => CountBack > 0;

    public override bool TryEnqueue(Envelope envelope)
    {
        Envelope? evicted;
        lock (_gate)
        {
            if (!_channel.Writer.TryWrite(envelope))
            {
                return false;
            }

            evicted = _evicted;
            _evicted = null;
            if (evicted is { Message: IAutoReceivedMessage } precious)
            {
                _rescued.Enqueue(precious);
                evicted = null;
            }
        }

        if (evicted is { } lost)
        {
            _dropped(lost);
        }

        return true;
    }

    public override void Close()
    {
        lock (_gate)
        {
            _channel.Writer.TryComplete();
        }
    }

    protected override bool TryDequeueBack(out Envelope envelope)
    {
        lock (_gate)
        {
            return _rescued.TryDequeue(out envelope) || _channel.Reader.TryRead(out envelope);
        }
    }
}
