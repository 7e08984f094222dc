using CurvatureMonitor.Cluster.Wire;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// One life of a connection: what was opened together and ends together. Whatever of it breaks (the connection, a
/// channel, a consumer) is reported once as a loss of the whole; the client's own recovery is off. Every use of a
/// session that is lost throws.
/// </summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly Action<BrokerSession, string> _lost;
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private readonly SemaphoreSlim _telling = new(1, 1);
    private readonly SemaphoreSlim _getting = new(1, 1);
    private readonly SemaphoreSlim _inspecting = new(1, 1);
    private readonly List<(IChannel Channel, string Tag, string Queue)> _consumers = [];
    private IChannel _publisher = null!;
    private IChannel _events = null!;
    private IChannel? _getter;
    private IChannel? _inspector;
    private int _over;

    private BrokerSession(IConnection connection, Action<BrokerSession, string> lost)
    {
        _connection = connection;
        _lost = lost;
    }

    /// <summary>The queues that are consumed from.</summary>
    public IReadOnlyList<string> Consumed
    {
        get
        {
            lock (_consumers)
            {
                return [.. _consumers.Select(consumer => consumer.Queue)];
            }
        }
    }

    /// <summary>Connects and opens the channels to publish with.</summary>
    /// <param name="address">The broker.</param>
    /// <param name="clientName">What the broker shows of the connection.</param>
    /// <param name="lost">Told once, when something of the session has ended that it did not end itself; on any
    /// thread.</param>
    /// <param name="blocked">Told when the broker takes no more messages, and when it does again; on any
    /// thread.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<BrokerSession> OpenAsync(
        BrokerAddress address,
        string clientName,
        Action<BrokerSession, string> lost,
        Action<BrokerSession, bool> blocked,
        CancellationToken cancellation
    )
    {
        var factory = address.CreateFactory(clientName);
        factory.AutomaticRecoveryEnabled = false;
        factory.TopologyRecoveryEnabled = false;
        factory.RequestedHeartbeat = TimeSpan.FromSeconds(10);
        factory.ContinuationTimeout = TimeSpan.FromSeconds(15);
        factory.RequestedConnectionTimeout = TimeSpan.FromSeconds(10);
        var connection = await factory.CreateConnectionAsync(cancellation).ConfigureAwait(false);
        var session = new BrokerSession(connection, lost);
        try
        {
            connection.ConnectionShutdownAsync += (_, shutdown) => session.LoseAsync(shutdown.ReplyText);
            connection.ConnectionBlockedAsync += (_, _) => Told(() => blocked(session, true));
            connection.ConnectionUnblockedAsync += (_, _) => Told(() => blocked(session, false));
            session._publisher = await session.ChannelAsync(confirms: true, cancellation).ConfigureAwait(false);
            session._events = await session.ChannelAsync(confirms: false, cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Declares exchanges and queues, on a channel of its own.</summary>
    public async Task DeclareAsync(Func<IChannel, Task> declare, CancellationToken cancellation)
    {
        await using var channel = await _connection
            .CreateChannelAsync(cancellationToken: cancellation)
            .ConfigureAwait(false);
        await declare(channel).ConfigureAwait(false);
        await channel.CloseAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Publishes a message that must not be lost: when this returns the broker has it on disk.</summary>
    /// <param name="exchange">Where to.</param>
    /// <param name="key">The routing key, which must lead to a queue.</param>
    /// <param name="body">The content.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="deadline">How long the confirmation may take.</param>
    /// <param name="headers">Headers.</param>
    /// <exception cref="PublishException">The broker refused it, or no queue takes it.</exception>
    /// <exception cref="OperationCanceledException">Not confirmed in time: it may be there, or not.</exception>
    public async Task PublishAsync(
        string exchange,
        string key,
        ReadOnlyMemory<byte> body,
        Guid id,
        TimeSpan deadline,
        IDictionary<string, object?>? headers = null
    )
    {
        using var limit = new CancellationTokenSource(deadline);
        var properties = new BasicProperties
        {
            Persistent = true,
            MessageId = id.ToString(),
            ContentType = "application/json",
            Type = $"curvature.v{WireJson.Version}",
        };
        if (headers is not null)
        {
            properties.Headers = headers;
        }

        await _publishing.WaitAsync(limit.Token).ConfigureAwait(false);
        try
        {
            // The client was seen to wait for ever on a connection that is gone: it is not relied on.
            await _publisher
                .BasicPublishAsync(exchange, key, mandatory: true, properties, body, limit.Token)
                .AsTask()
                .WaitAsync(limit.Token)
                .ConfigureAwait(false);
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Publishes a message that may be lost.</summary>
    public async Task TellAsync(string exchange, string key, ReadOnlyMemory<byte> body)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _telling.WaitAsync(limit.Token).ConfigureAwait(false);
        try
        {
            await _events
                .BasicPublishAsync(exchange, key, mandatory: false, new BasicProperties(), body, limit.Token)
                .AsTask()
                .WaitAsync(limit.Token)
                .ConfigureAwait(false);
        }
        finally
        {
            _telling.Release();
        }
    }

    /// <summary>Consumes from a queue, on a channel of its own.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="prefetch">How many messages are held unacknowledged at once; 0 where they need no
    /// acknowledgement.</param>
    /// <param name="received">Gets each message, in order; returns soon.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ConsumeAsync(
        string queue,
        ushort prefetch,
        Action<Delivery> received,
        CancellationToken cancellation
    )
    {
        var channel = await ChannelAsync(confirms: false, cancellation).ConfigureAwait(false);
        if (prefetch > 0)
        {
            await channel.BasicQosAsync(0, prefetch, global: false, cancellation).ConfigureAwait(false);
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) =>
            Consumed.Contains(queue) ? LoseAsync($"the broker ended the consumer of {queue}") : Task.CompletedTask;
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

    /// <summary>Takes the message at the head of a queue, to be acknowledged.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The message; null where the queue is empty, or is not there.</returns>
    public async Task<Delivery?> GetAsync(string queue, CancellationToken cancellation)
    {
        await _getting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var channel = _getter ??= await ChannelAsync(confirms: false, cancellation).ConfigureAwait(false);
            var got = await channel.BasicGetAsync(queue, autoAck: false, cancellation).ConfigureAwait(false);
            return got is null
                ? null
                : new Delivery(
                    channel,
                    got.DeliveryTag,
                    got.RoutingKey,
                    got.Redelivered,
                    got.BasicProperties,
                    got.Body.ToArray()
                );
        }
        catch (OperationInterruptedException exception) when (IsNotFound(exception.ShutdownReason))
        {
            _getter = null;
            return null;
        }
        finally
        {
            _getting.Release();
        }
    }

    /// <summary>Asks the broker about a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What it is like; null where it is not there.</returns>
    public async Task<QueueState?> InspectAsync(string queue, CancellationToken cancellation)
    {
        await _inspecting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var channel = _inspector ??= await ChannelAsync(confirms: false, cancellation).ConfigureAwait(false);
            var state = await channel.QueueDeclarePassiveAsync(queue, cancellation).ConfigureAwait(false);
            return new QueueState(state.MessageCount, state.ConsumerCount);
        }
        catch (OperationInterruptedException exception) when (IsNotFound(exception.ShutdownReason))
        {
            _inspector = null;
            return null;
        }
        finally
        {
            _inspecting.Release();
        }
    }

    /// <summary>Ends the consumer of a queue; what it handed out stays with it.</summary>
    public async Task StopConsumingAsync(string queue, CancellationToken cancellation)
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

    /// <summary>Says that the session cannot be relied on any more.</summary>
    public void Lose(string reason)
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            _lost(this, reason);
        }
    }

    /// <summary>
    /// Ends the session: what was handed out and not acknowledged is handed out again, to somebody. Never throws.
    /// </summary>
    public async Task CloseAsync()
    {
        Interlocked.Exchange(ref _over, 1);
        try
        {
            await _connection
                .AbortAsync(TimeSpan.FromSeconds(2))
                .WaitAsync(TimeSpan.FromSeconds(4))
                .ConfigureAwait(false);
            await _connection.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(4)).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is not OutOfMemoryException)
        {
            // It is over either way, and there is nobody to tell.
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private static bool IsNotFound(ShutdownEventArgs? reason) => reason?.ReplyCode == Constants.NotFound;

    private static Task Told(Action tell)
    {
        tell();
        return Task.CompletedTask;
    }

    private async Task<IChannel> ChannelAsync(bool confirms, CancellationToken cancellation)
    {
        var options = new CreateChannelOptions(
            publisherConfirmationsEnabled: confirms,
            publisherConfirmationTrackingEnabled: confirms
        );
        var channel = await _connection.CreateChannelAsync(options, cancellation).ConfigureAwait(false);
        channel.ChannelShutdownAsync += (_, shutdown) =>
            IsNotFound(shutdown) && (ReferenceEquals(channel, _getter) || ReferenceEquals(channel, _inspector))
                ? Task.CompletedTask
                : LoseAsync(shutdown.ReplyText);
        return channel;
    }

    private Task LoseAsync(string reason)
    {
        Lose(reason);
        return Task.CompletedTask;
    }
}
