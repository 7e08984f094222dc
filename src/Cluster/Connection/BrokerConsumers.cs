using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>The consumers of a session, each on a channel of its own.</summary>
/// <param name="open">Opens a channel.</param>
/// <param name="lose">Told when the broker ended a consumer that was not to end.</param>
internal sealed class BrokerConsumers(Func<CancellationToken, Task<IChannel>> open, Action<string> lose)
{
    private readonly List<(IChannel Channel, string Tag, string Queue)> _consumers = [];

    /// <summary>The queues that are consumed from.</summary>
    public IReadOnlyList<string> Queues
    {
        get
        {
            lock (_consumers)
            {
                return [.. _consumers.Select(consumer => consumer.Queue)];
            }
        }
    }

    /// <summary>Consumes from a queue, on a channel of its own.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="prefetch">How many messages are held unacknowledged at once; 0 where they need no
    /// acknowledgement.</param>
    /// <param name="received">Gets each message, in order; returns soon.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task StartAsync(
        string queue,
        ushort prefetch,
        Action<Delivery> received,
        CancellationToken cancellation
    )
    {
        var channel = await open(cancellation).ConfigureAwait(false);
        if (prefetch > 0)
        {
            await channel.BasicQosAsync(0, prefetch, global: false, cancellation).ConfigureAwait(false);
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) =>
            Told(() =>
            {
                if (Queues.Contains(queue))
                {
                    lose($"the broker ended the consumer of {queue}");
                }
            });
        consumer.ReceivedAsync += (_, message) =>
            Told(() =>
                received(
                    new Delivery(
                        channel,
                        message.DeliveryTag,
                        message.RoutingKey,
                        message.Redelivered,
                        message.BasicProperties,
                        message.Body.ToArray()
                    )
                )
            );
        string tag = await channel
            .BasicConsumeAsync(queue, autoAck: prefetch == 0, consumer, cancellation)
            .ConfigureAwait(false);
        lock (_consumers)
        {
            _consumers.Add((channel, tag, queue));
        }
    }

    /// <summary>Ends the consumer of a queue; what it handed out stays with it.</summary>
    public async Task StopAsync(string queue, CancellationToken cancellation)
    {
        List<(IChannel Channel, string Tag, string Queue)> ending;
        lock (_consumers)
        {
            ending = [.. _consumers.Where(consumer => consumer.Queue == queue)];
            ending.ForEach(consumer => _consumers.Remove(consumer));
        }

        foreach (var (channel, tag, _) in ending)
        {
            await channel.BasicCancelAsync(tag, noWait: true, cancellation).ConfigureAwait(false);
        }
    }

    private static Task Told(Action tell)
    {
        tell();
        return Task.CompletedTask;
    }
}
