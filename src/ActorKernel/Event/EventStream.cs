using CurvatureMonitor.ActorKernel.Actor;
using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>
/// Publish and subscribe by type inside one actor system. A subscriber to a type gets its subtypes too; one subscribed
/// to both gets one copy. An actor's subscriptions end with it.
/// </summary>
public sealed class EventStream
{
    private sealed record Subscription(IActorRef Subscriber, Type[] Channels);

    private readonly Lock _gate = new();

    // Copy on write: publishing reads one array and takes no lock.
    private volatile Subscription[] _subscriptions = [];

    internal EventStream() { }

    /// <summary>Subscribes an actor to a type of event.</summary>
    /// <returns>False if it was subscribed to that type already.</returns>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_gate)
        {
            var index = IndexOf(subscriber);
            if (index < 0)
            {
                _subscriptions = [.. _subscriptions, new Subscription(subscriber, [channel])];
            }
            else if (_subscriptions[index].Channels.Contains(channel))
            {
                return false;
            }
            else
            {
                var copy = (Subscription[])_subscriptions.Clone();
                copy[index] = new Subscription(subscriber, [.. copy[index].Channels, channel]);
                _subscriptions = copy;
            }
        }

        // A dying actor closes its mailbox first and unsubscribes afterwards; checking after the insertion leaves no
        // gap between the two.
        if (subscriber is InternalActorRef { IsTerminated: true })
        {
            Unsubscribe(subscriber);
        }

        return true;
    }

    /// <summary>Ends the subscription to one type.</summary>
    /// <returns>False if there was none.</returns>
    public bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        lock (_gate)
        {
            var index = IndexOf(subscriber);
            if (index < 0 || !_subscriptions[index].Channels.Contains(channel))
            {
                return false;
            }

            var rest = _subscriptions[index].Channels.Where(type => type != channel).ToArray();
            _subscriptions =
                rest.Length == 0
                    ? Without(index)
                    : [.. _subscriptions.Select((s, i) => i == index ? new Subscription(subscriber, rest) : s)];
            return true;
        }
    }

    /// <summary>Ends all subscriptions of an actor.</summary>
    /// <returns>False if it had none.</returns>
    public bool Unsubscribe(IActorRef subscriber)
    {
        lock (_gate)
        {
            var index = IndexOf(subscriber);
            if (index >= 0)
            {
                _subscriptions = Without(index);
            }

            return index >= 0;
        }
    }

    /// <summary>Sends an event to everyone subscribed to its type or a base of it.</summary>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var (subscriber, channels) in _subscriptions)
        {
            if (Array.Exists(channels, type => type.IsInstanceOfType(@event)))
            {
                Deliver(subscriber, @event);
            }
        }
    }

    private static void Deliver(IActorRef subscriber, object @event)
    {
        try
        {
            subscriber.Tell(@event, ActorRefs.NoSender);
        }
        catch (Exception) when (subscriber is not InternalActorRef)
        {
            // References of the runtime do not throw; somebody else's must not break the publisher, who may be in the
            // middle of stopping an actor.
        }
    }

    private int IndexOf(IActorRef subscriber) => Array.FindIndex(_subscriptions, s => s.Subscriber.Equals(subscriber));

    private Subscription[] Without(int index) => [.. _subscriptions.Where((_, i) => i != index)];
}
