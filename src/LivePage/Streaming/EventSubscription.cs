using System.Threading.Channels;

namespace CurvatureMonitor.LivePage.Streaming;

/// <summary>
/// One client's queue of server-sent events. It ends when the client unsubscribes, or when the client reads so slowly
/// that the queue overflows.
/// </summary>
internal sealed class EventSubscription : IDisposable
{
    private readonly Channel<ReadOnlyMemory<byte>> _frames;
    private readonly CancellationTokenSource _dropped = new();
    private readonly Action<EventSubscription> _unsubscribe;

    internal EventSubscription(int capacity, Action<EventSubscription> unsubscribe)
    {
        _unsubscribe = unsubscribe;
        _frames = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
        );
    }

    /// <summary>
    /// Frames in the order of their identifiers, ready to be written to the client. Completed when the subscription
    /// ends.
    /// </summary>
    public ChannelReader<ReadOnlyMemory<byte>> Frames => _frames.Reader;

    /// <summary>
    /// Cancelled when this client was dropped for being too slow: a write that waits for it must be given up.
    /// </summary>
    public CancellationToken Dropped => _dropped.Token;

    /// <summary>Ends the subscription.</summary>
    public void Dispose()
    {
        _unsubscribe(this);
        _frames.Writer.TryComplete();
    }

    /// <summary>Queues a frame without ever waiting.</summary>
    /// <returns>False where the queue is full.</returns>
    internal bool TryWrite(ReadOnlyMemory<byte> frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Ends a subscription whose queue overflowed.</summary>
    internal void Drop()
    {
        _frames.Writer.TryComplete();
        // Asynchronous: callbacks of the token (aborting a connection) must not run inside the publisher's lock.
        _ = _dropped.CancelAsync();
    }
}
