using System.Globalization;
using System.Text;

namespace CurvatureMonitor.LivePage.Streaming;

/// <summary>
/// Hands every event to every subscriber, in one order, without waiting for any of them: a subscriber whose queue is
/// full is dropped, and may come back and read the history again. Thread-safe.
/// </summary>
internal sealed class EventHub(int queueCapacity)
{
    private readonly Lock _gate = new();
    private readonly List<EventSubscription> _subscriptions = [];
    private long _lastId;

    /// <summary>Number of clients that listen now.</summary>
    public int Subscribers
    {
        get
        {
            lock (_gate)
            {
                return _subscriptions.Count;
            }
        }
    }

    /// <summary>Clients that were dropped so far because they read too slowly.</summary>
    public long DroppedSubscribers { get; private set; }

    /// <summary>Starts to listen: every event published from now on is delivered.</summary>
    public EventSubscription Subscribe()
    {
        var subscription = new EventSubscription(queueCapacity, Remove);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    /// <summary>Publishes one event.</summary>
    /// <param name="name">The event's type, for example <c>measurement</c>.</param>
    /// <param name="json">One line of JSON, called for only where somebody listens.</param>
    public void Publish(string name, Func<string> json)
    {
        lock (_gate)
        {
            _lastId++;
            if (_subscriptions.Count == 0)
            {
                return;
            }

            ReadOnlyMemory<byte> frame = Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"id: {_lastId}\nevent: {name}\ndata: {json()}\n\n")
            );
            for (int i = _subscriptions.Count - 1; i >= 0; i--)
            {
                if (!_subscriptions[i].TryWrite(frame))
                {
                    _subscriptions[i].Drop();
                    _subscriptions.RemoveAt(i);
                    DroppedSubscribers++;
                }
            }
        }
    }

    private void Remove(EventSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }
}
