using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>Death watch, from both sides.</summary>
internal sealed partial class ActorCell
{
    // Whom this actor watches, with the message wished for in place of Terminated.
    private readonly Dictionary<IActorRef, object?> _watching = [];

    // Deaths noted whose Terminated is still in the mailbox; without an entry here a Terminated is discarded.
    private readonly Dictionary<IActorRef, object?> _noticesQueued = [];

    private readonly HashSet<InternalActorRef> _watchedBy = [];

    public IActorRef Watch(IActorRef subject) => AddWatch(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return AddWatch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (_watching.Remove(subject))
        {
            var watchee = (InternalActorRef)subject;
            watchee.SendSystemMessage(new Unwatch(watchee, Self));
        }

        _noticesQueued.Remove(subject);
        return subject;
    }

    private IActorRef AddWatch(IActorRef subject, object? message)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var watchee = (InternalActorRef)subject;
        if (!watchee.Equals(Self) && _watching.TryAdd(watchee, message))
        {
            watchee.SendSystemMessage(new Watch(watchee, Self));
        }

        return subject;
    }

    private void UnwatchAll()
    {
        foreach (var subject in _watching.Keys)
        {
            var watchee = (InternalActorRef)subject;
            watchee.SendSystemMessage(new Unwatch(watchee, Self));
        }

        _watching.Clear();
        _noticesQueued.Clear();
    }

    private void AddWatcher(Watch watch)
    {
        if (!watch.Watcher.Equals(Self))
        {
            _watchedBy.Add(watch.Watcher);
        }
    }

    private void RemoveWatcher(Unwatch unwatch) => _watchedBy.Remove(unwatch.Watcher);

    private void TellWatchers()
    {
        foreach (var watcher in _watchedBy)
        {
            // The parent has been told already, watching or not.
            if (!watcher.Equals(_parent))
            {
                watcher.SendSystemMessage(new DeathWatchNotification(Self, ExistenceConfirmed: true));
            }
        }

        _watchedBy.Clear();
    }

    private void WatchedActorTerminated(InternalActorRef actor, bool existenceConfirmed)
    {
        if (_watching.Remove(actor, out var wish) && !_children.IsTerminating)
        {
            _noticesQueued[actor] = wish;
            Self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated: false), actor);
        }

        // Also for a child that was not watched: only now its name is free.
        HandleChildTerminated(actor);
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_noticesQueued.Remove(terminated.ActorRef, out var wish))
        {
            ReceiveMessage(wish ?? terminated);
        }
    }
}
