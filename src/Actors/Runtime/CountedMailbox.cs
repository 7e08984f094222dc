using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace CurvatureMonitor.Actors.Runtime;

/// <summary>An unbounded mailbox whose depth is known to <see cref="MailboxDepths"/> while its actor lives.</summary>
/// <remarks>Akka.NET creates mailbox types by their configuration, which names the kind of the actor.</remarks>
internal sealed class CountedMailbox : MailboxType, IProducesMessageQueue<CountedMessageQueue>
{
    private readonly string _kind;

    /// <summary>Called by Akka.NET.</summary>
    public CountedMailbox(Settings settings, Config config)
        : base(settings, config) => _kind = config.GetString("kind");

    /// <summary>The configuration of the mailboxes of one kind of actors.</summary>
    public static string Configuration(string kind) =>
        $$"""
            {{Id(kind)}} {
              mailbox-type = "{{typeof(CountedMailbox).AssemblyQualifiedName}}"
              kind = {{kind}}
            }
            """;

    /// <summary>The name under which Akka.NET finds that configuration.</summary>
    public static string Id(string kind) => "curvature.mailboxes." + kind;

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new CountedMessageQueue(_kind, MailboxDepths.Of(system));
}
