namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>Why an actor waits for children to stop.</summary>
internal enum WaitReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>They were told to stop; the actor goes on meanwhile.</summary>
    UserRequest,

    /// <summary>It restarts when they are gone.</summary>
    Recreation,

    /// <summary>It is constructed, after a failed attempt, when they are gone.</summary>
    Creation,

    /// <summary>It stops when they are gone.</summary>
    Termination,
}

/// <summary>
/// The children of one actor. Changed by the actor itself, and from outside by whoever creates top-level actors: hence
/// the lock. A child leaves, and its name is free, when its death has been processed, not when it is told to stop.
/// </summary>
internal sealed class ChildrenContainer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ChildStats> _children = [];
    private readonly HashSet<InternalActorRef> _dying = [];
    private WaitReason _reason;
    private bool _terminated;
    private long _anonymous;

    /// <summary>Stopped or about to: no child may be added.</summary>
    public bool IsTerminating
    {
        get
        {
            lock (_gate)
            {
                return _terminated || _reason == WaitReason.Termination;
            }
        }
    }

    /// <summary>Neither restarting nor stopping.</summary>
    public bool IsNormal
    {
        get
        {
            lock (_gate)
            {
                return !_terminated && _reason is WaitReason.None or WaitReason.UserRequest;
            }
        }
    }

    /// <summary>Whether a (re)construction waits for children to stop.</summary>
    public bool IsWaitingForChildren
    {
        get
        {
            lock (_gate)
            {
                return _reason is WaitReason.Recreation or WaitReason.Creation;
            }
        }
    }

    public IReadOnlyList<LocalActorRef> Snapshot()
    {
        lock (_gate)
        {
            return [.. _children.Values.Select(stats => stats.Child)];
        }
    }

    public LocalActorRef? Find(string name)
    {
        lock (_gate)
        {
            return _children.GetValueOrDefault(name)?.Child;
        }
    }

    /// <summary>The account of a child, or null when the reference is no (longer a) child.</summary>
    public ChildStats? Find(IActorRef child)
    {
        lock (_gate)
        {
            return _children.TryGetValue(child.Path.Name, out var stats) && stats.Child.Equals(child) ? stats : null;
        }
    }

    /// <summary>Adds a child; <paramref name="create"/> runs no code of the child's.</summary>
    public LocalActorRef Add(string? name, Func<string, LocalActorRef> create)
    {
        lock (_gate)
        {
            if (_terminated || _reason == WaitReason.Termination)
            {
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            }

            name ??= "$" + Base64(_anonymous++);
            if (_children.ContainsKey(name))
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            }

            var child = create(name);
            _children.Add(name, new ChildStats(child));
            return child;
        }
    }

    /// <summary>Notes that a child has been told to stop.</summary>
    public void ShallDie(IActorRef child)
    {
        lock (_gate)
        {
            if (_children.TryGetValue(child.Path.Name, out var stats) && stats.Child.Equals(child))
            {
                _dying.Add(stats.Child);
                _reason = _reason == WaitReason.None ? WaitReason.UserRequest : _reason;
            }
        }
    }

    /// <summary>If children are on their way out, notes what to do when they are gone, and says so.</summary>
    public bool TryWait(WaitReason reason)
    {
        lock (_gate)
        {
            if (_dying.Count == 0)
            {
                return false;
            }

            _reason = reason;
            return true;
        }
    }

    /// <summary>Removes a dead child.</summary>
    /// <returns>What was waited for, if this was the last one waited for.</returns>
    public WaitReason Remove(InternalActorRef child)
    {
        lock (_gate)
        {
            if (_children.TryGetValue(child.Path.Name, out var stats) && stats.Child.Equals(child))
            {
                _children.Remove(child.Path.Name);
            }

            if (!_dying.Remove(child) || _dying.Count > 0)
            {
                return WaitReason.None;
            }

            var reason = _reason;
            _reason = WaitReason.None;
            _terminated |= reason == WaitReason.Termination;
            return reason;
        }
    }

    /// <summary>
    /// From now on no child can be added and the actor waits for all there are, whatever it waited for before. Returns
    /// those to be stopped; with none the container is terminated. One step, since top-level actors are created from
    /// other threads.
    /// </summary>
    public IReadOnlyList<LocalActorRef> BeginTermination()
    {
        lock (_gate)
        {
            _reason = WaitReason.Termination;
            _dying.UnionWith(_children.Values.Select(stats => stats.Child));
            _terminated |= _children.Count == 0;
            return [.. _children.Values.Select(stats => stats.Child)];
        }
    }

    internal static string Base64(long number)
    {
        const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        var text = new global::System.Text.StringBuilder();
        do
        {
            text.Append(Digits[(int)(number & 63)]);
            number >>= 6;
        } while (number > 0);
        return text.ToString();
    }
}
