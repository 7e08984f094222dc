using RabbitMQ.Client;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// What is declared on the broker. Every kind, limit and dead-letter route is written out: defaults differ between
/// versions of RabbitMQ, and a queue that is there with other arguments is refused.
/// </summary>
internal static class Topology
{
    /// <summary>How often a job may be handed out before it counts as poison: once more than this.</summary>
    public const int SlotDeliveryLimit = 3;

    // More than a slot's, so that a poison job is gone before its ticket is.
    private const int DeliveryLimit = 10;
    private const int LongestQueue = 10_000;

    private static readonly TimeSpan SlotLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan DeadLife = TimeSpan.FromDays(7);

    /// <summary>Declares what hosts and workers share.</summary>
    public static async Task DeclareSharedAsync(IChannel channel, BrokerNames names)
    {
        await channel
            .ExchangeDeclareAsync(names.JobsExchange, ExchangeType.Direct, durable: true)
            .ConfigureAwait(false);
        await channel
            .ExchangeDeclareAsync(names.ResultsExchange, ExchangeType.Direct, durable: true)
            .ConfigureAwait(false);
        await channel
            .ExchangeDeclareAsync(names.EventsExchange, ExchangeType.Topic, durable: true)
            .ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(names.DeadExchange, ExchangeType.Topic, durable: true).ConfigureAwait(false);
        await QuorumAsync(
                channel,
                names.DeadQueue,
                new()
                {
                    [Headers.XMaxLength] = LongestQueue,
                    [Headers.XMessageTTL] = (long)DeadLife.TotalMilliseconds,
                    ["x-delivery-limit"] = DeliveryLimit,
                }
            )
            .ConfigureAwait(false);
        await channel.QueueBindAsync(names.DeadQueue, names.DeadExchange, BrokerNames.PoisonKeys).ConfigureAwait(false);
        await channel
            .QueueBindAsync(names.DeadQueue, names.DeadExchange, BrokerNames.DeadTicketKey)
            .ConfigureAwait(false);
        foreach (string kind in BrokerNames.DeviceKinds)
        {
            await QuorumAsync(
                    channel,
                    names.Tickets(kind),
                    new()
                    {
                        [Headers.XMaxLength] = LongestQueue,
                        [Headers.XOverflow] = "reject-publish",
                        ["x-delivery-limit"] = DeliveryLimit,
                        [Headers.XDeadLetterExchange] = names.DeadExchange,
                        [Headers.XDeadLetterRoutingKey] = BrokerNames.DeadTicketKey,
                    }
                )
                .ConfigureAwait(false);
            await channel
                .QueueBindAsync(names.Tickets(kind), names.JobsExchange, names.Tickets(kind))
                .ConfigureAwait(false);
        }
    }

    /// <summary>Declares the queues of a host: its results, and what becomes of its jobs that are dropped.</summary>
    public static async Task DeclareHostAsync(IChannel channel, BrokerNames names, string instance)
    {
        await QuorumAsync(
                channel,
                names.Results(instance),
                new()
                {
                    ["x-single-active-consumer"] = true,
                    ["x-delivery-limit"] = DeliveryLimit,
                    [Headers.XDeadLetterExchange] = names.DeadExchange,
                    [Headers.XDeadLetterRoutingKey] = BrokerNames.PoisonKey(instance, "result"),
                }
            )
            .ConfigureAwait(false);
        await channel.QueueBindAsync(names.Results(instance), names.ResultsExchange, instance).ConfigureAwait(false);
        await QuorumAsync(
                channel,
                names.Dropped(instance),
                new()
                {
                    ["x-single-active-consumer"] = true,
                    ["x-delivery-limit"] = DeliveryLimit,
                    [Headers.XDeadLetterExchange] = names.DeadExchange,
                    [Headers.XDeadLetterRoutingKey] = BrokerNames.PoisonKey(instance, "dropped"),
                }
            )
            .ConfigureAwait(false);
        await channel
            .QueueBindAsync(names.Dropped(instance), names.DeadExchange, BrokerNames.StaleKey(instance))
            .ConfigureAwait(false);
    }

    /// <summary>Declares a slot.</summary>
    public static async Task DeclareSlotAsync(IChannel channel, BrokerNames names, string instance, string slot)
    {
        await QuorumAsync(
                channel,
                slot,
                new()
                {
                    [Headers.XMaxLength] = 1,
                    [Headers.XOverflow] = "drop-head",
                    ["x-delivery-limit"] = SlotDeliveryLimit,
                    [Headers.XExpires] = (long)SlotLife.TotalMilliseconds,
                    [Headers.XDeadLetterExchange] = names.DeadExchange,
                    [Headers.XDeadLetterRoutingKey] = BrokerNames.StaleKey(instance),
                }
            )
            .ConfigureAwait(false);
        await channel.QueueBindAsync(slot, names.JobsExchange, slot).ConfigureAwait(false);
    }

    /// <summary>Declares the queue by which one process hears events; it goes with the connection.</summary>
    public static async Task DeclareEventsAsync(
        IChannel channel,
        BrokerNames names,
        string who,
        params IEnumerable<string> keys
    )
    {
        await channel
            .QueueDeclareAsync(
                names.Events(who),
                durable: false,
                exclusive: true,
                autoDelete: true,
                new Dictionary<string, object?>
                {
                    [Headers.XQueueType] = "classic",
                    [Headers.XMaxLength] = 1000,
                    [Headers.XMessageTTL] = 30_000,
                }
            )
            .ConfigureAwait(false);
        foreach (string key in keys)
        {
            await channel.QueueBindAsync(names.Events(who), names.EventsExchange, key).ConfigureAwait(false);
        }
    }

    private static Task<QueueDeclareOk> QuorumAsync(
        IChannel channel,
        string queue,
        Dictionary<string, object?> arguments
    )
    {
        arguments[Headers.XQueueType] = "quorum";
        return channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
    }
}
