namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>The references that stand for no actor.</summary>
public static class ActorRefs
{
    /// <summary>
    /// No actor: what <see cref="IActorContext.Child"/> answers for an unknown name. Messages to it vanish.
    /// </summary>
    public static readonly IActorRef Nobody = Internal.NobodyRef.Instance;

    /// <summary>No sender.</summary>
    public static IActorRef? NoSender => null;
}
