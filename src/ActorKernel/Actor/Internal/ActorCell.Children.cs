using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>Children.</summary>
internal sealed partial class ActorCell
{
    private readonly ChildrenContainer _children = new();

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]: use ASCII letters, digits and \"-_.*$+:@&=,!~';() , not empty, not "
                    + $"starting with $."
            );
        }

        return AddChild(props, name);
    }

    /// <summary>As <see cref="ActorOf"/>, with a name that needs no check.</summary>
    public LocalActorRef AddChild(Props props, string? name)
    {
        var child = _children.Add(name, taken =>
        {
            var path = Self.Path.Child(taken, SystemImpl.NextUid());
            return new LocalActorRef(SystemImpl, props, Self, path);
        });
        child.Start();

        // A child born while its parent is failed gets the suspension that its siblings got, and shares their way out.
        for (var i = _faultSuspensions; i > 0; i--)
        {
            child.SendSystemMessage(new Suspend());
        }

        return child;
    }

    public IActorRef Child(string name) => _children.Find(name) is { } child ? child : ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => _children.Snapshot();

    public IEnumerable<ActorCell> ChildCells() => _children.Snapshot().Select(child => child.Cell);

    public void Stop(IActorRef child)
    {
        ArgumentNullException.ThrowIfNull(child);
        _children.ShallDie(child);
        ((InternalActorRef)child).Stop();
    }
}
