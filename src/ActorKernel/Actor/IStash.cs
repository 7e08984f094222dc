namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Messages set aside for later. What is still inside at a restart or at the end goes back to the front of the mailbox
/// first.
/// </summary>
public interface IStash
{
    /// <summary>Sets the message being processed aside.</summary>
    /// <exception cref="IllegalActorStateException">It has been set aside already, or no message is being
    /// processed.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    /// <summary>Puts the oldest message back to the front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all messages back to the front of the mailbox, in their order.</summary>
    void UnstashAll();

    /// <summary>Puts those messages back that the predicate picks, and forgets the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Takes all messages out.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Adds messages in front of those inside.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}
