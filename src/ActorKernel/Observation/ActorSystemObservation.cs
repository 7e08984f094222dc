using CurvatureMonitor.ActorKernel.Actor;
using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Observation;

/// <summary>A look at the actors of a system. An addition of this kernel, for metrics; safe on any thread.</summary>
public static class ActorSystemObservation
{
    /// <summary>
    /// Every actor alive under <c>/user</c>, parents before children. Each entry is true of its moment; together they
    /// are no snapshot.
    /// </summary>
    public static IReadOnlyList<ActorStatus> LiveActors(this ActorSystem system)
    {
        var found = new List<ActorStatus>();
        Collect(((ActorSystemImpl)system).UserGuardian.Cell, found);
        return found;
    }

    private static void Collect(ActorCell parent, List<ActorStatus> found)
    {
        foreach (var child in parent.ChildCells())
        {
            found.Add(
                new ActorStatus(child.Self, child.Props.Type, child.Mailbox.Messages.Count, child.Mailbox.IsSuspended)
            );
            Collect(child, found);
        }
    }
}
