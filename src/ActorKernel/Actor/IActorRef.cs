namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// A handle on one incarnation of an actor, valid on any thread and after the actor's death. Two references are equal
/// when path and uid are: an actor created anew under an old name has another reference; a restarted one keeps its own.
/// </summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor lives in the hierarchy.</summary>
    ActorPath Path { get; }
}
