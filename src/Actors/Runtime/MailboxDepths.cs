using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace CurvatureMonitor.Actors.Runtime;

/// <summary>The message queues of the living actors of a system, by kind of actor.</summary>
internal sealed class MailboxDepths : IExtension
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<IMessageQueue, byte>> _queues = new(
        StringComparer.Ordinal
    );

    /// <summary>The extension of a system.</summary>
    public static MailboxDepths Of(ActorSystem system) => system.WithExtension<MailboxDepths, Provider>();

    /// <summary>An actor was created.</summary>
    public void Add(string kind, IMessageQueue queue) => _queues.GetOrAdd(kind, _ => new()).TryAdd(queue, 0);

    /// <summary>An actor has stopped.</summary>
    public void Remove(string kind, IMessageQueue queue) => _queues[kind].TryRemove(queue, out _);

    /// <summary>The messages that wait for all actors of a kind; null where none lives.</summary>
    public long? DepthOf(string kind) =>
        _queues.TryGetValue(kind, out var queues) && !queues.IsEmpty
            ? queues.Keys.Sum(queue => (long)queue.Count)
            : null;

    /// <summary>Creates the extension.</summary>
    public sealed class Provider : ExtensionIdProvider<MailboxDepths>
    {
        /// <inheritdoc/>
        public override MailboxDepths CreateExtension(ExtendedActorSystem system) => new();
    }
}
