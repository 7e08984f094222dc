using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Configuration;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Dispatch;

/// <summary>
/// The mailboxes that <see cref="Actor.Props.WithMailbox"/> may name: the default one and the bounded ones of the
/// set-up.
/// </summary>
public sealed class Mailboxes
{
    /// <summary>As many messages as memory holds.</summary>
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";

    private readonly ActorSystemImpl _system;

    internal Mailboxes(ActorSystemImpl system) => _system = system;

    internal MessageQueue CreateQueue(string id, InternalActorRef owner)
    {
        if (id.Length == 0 || id == DefaultMailboxId)
        {
            return new UnboundedMessageQueue();
        }

        if (!_system.Setup.BoundedMailboxes.TryGetValue(id, out var capacity))
        {
            throw new ConfigurationException(
                $"Mailbox [{id}] is unknown; name it in {nameof(KernelSetup)}.{nameof(KernelSetup.BoundedMailboxes)}."
            );
        }

        return new BoundedMessageQueue(capacity, envelope =>
        {
            // A notice lost by the very subscriber to such notices is not announced again: that would never end.
            if (envelope.Message is not AllDeadLetters)
            {
                var sender = envelope.Sender ?? _system.DeadLetters;
                _system.PublishDeadLetter(
                    new Dropped(envelope.Message, $"mailbox [{id}] is full ({capacity})", sender, owner)
                );
            }
        });
    }
}
