namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Answer to <see cref="Identify"/>.</summary>
public sealed class ActorIdentity
{
    /// <summary>Creates the answer.</summary>
    public ActorIdentity(object? messageId, IActorRef? subject)
    {
        MessageId = messageId;
        Subject = subject ?? ActorRefs.Nobody;
    }

    /// <summary>What the question carried.</summary>
    public object? MessageId { get; }

    /// <summary>The actor, or <see cref="ActorRefs.Nobody"/>.</summary>
    public IActorRef Subject { get; }
}
