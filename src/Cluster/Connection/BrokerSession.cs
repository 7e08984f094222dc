using RabbitMQ.Client;

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
    private readonly BrokerConsumers _consumers;
    private readonly QuestionChannel _getting;
    private readonly QuestionChannel _inspecting;
    private BrokerPublisher? _publisher;
    private int _over;

    private BrokerSession(IConnection connection, Action<BrokerSession, string> lost)
    {
        _connection = connection;
        _lost = lost;
        _consumers = new BrokerConsumers(cancellation => ChannelAsync(cancellation), Lose);
        _getting = new QuestionChannel(cancellation => ChannelAsync(cancellation, isForQuestions: true));
        _inspecting = new QuestionChannel(cancellation => ChannelAsync(cancellation, isForQuestions: true));
    }

    /// <summary>The queues that are consumed from.</summary>
    public IReadOnlyList<string> Consumed => _consumers.Queues;

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
            session._publisher = new BrokerPublisher(
                await session.ChannelAsync(cancellation, confirms: true).ConfigureAwait(false),
                await session.ChannelAsync(cancellation).ConfigureAwait(false)
            );
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

    /// <inheritdoc cref="BrokerPublisher.PublishAsync"/>
    public Task PublishAsync(
        string exchange,
        string key,
        ReadOnlyMemory<byte> body,
        Guid id,
        TimeSpan deadline,
        IDictionary<string, object?>? headers = null
    ) => _publisher!.PublishAsync(exchange, key, body, id, deadline, headers);

    /// <inheritdoc cref="BrokerPublisher.TellAsync"/>
    public Task TellAsync(string exchange, string key, ReadOnlyMemory<byte> body) =>
        _publisher!.TellAsync(exchange, key, body);

    /// <inheritdoc cref="BrokerConsumers.StartAsync"/>
    public Task ConsumeAsync(
        string queue,
        ushort prefetch,
        Action<Delivery> received,
        CancellationToken cancellation
    ) => _consumers.StartAsync(queue, prefetch, received, cancellation);

    /// <inheritdoc cref="BrokerConsumers.StopAsync"/>
    public Task StopConsumingAsync(string queue, CancellationToken cancellation) =>
        _consumers.StopAsync(queue, cancellation);

    /// <summary>Takes the message at the head of a queue, to be acknowledged.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The message; null where the queue is empty, or is not there.</returns>
    public Task<Delivery?> GetAsync(string queue, CancellationToken cancellation) =>
        _getting.AskAsync(
            async channel =>
            {
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
            },
            cancellation
        );

    /// <summary>Asks the broker about a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What it is like; null where it is not there.</returns>
    public Task<QueueState?> InspectAsync(string queue, CancellationToken cancellation) =>
        _inspecting.AskAsync<QueueState>(
            async channel =>
            {
                var state = await channel.QueueDeclarePassiveAsync(queue, cancellation).ConfigureAwait(false);
                return new QueueState(state.MessageCount, state.ConsumerCount);
            },
            cancellation
        );

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

    /// <summary>Ends the session, which nobody uses any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _publisher?.Dispose();
        _getting.Dispose();
        _inspecting.Dispose();
    }

    private static Task Told(Action tell)
    {
        tell();
        return Task.CompletedTask;
    }

    private async Task<IChannel> ChannelAsync(
        CancellationToken cancellation,
        bool confirms = false,
        bool isForQuestions = false
    )
    {
        var options = new CreateChannelOptions(
            publisherConfirmationsEnabled: confirms,
            publisherConfirmationTrackingEnabled: confirms
        );
        var channel = await _connection.CreateChannelAsync(options, cancellation).ConfigureAwait(false);
        channel.ChannelShutdownAsync += (_, shutdown) =>
            isForQuestions && QuestionChannel.IsNotFound(shutdown) ? Task.CompletedTask : LoseAsync(shutdown.ReplyText);
        return channel;
    }

    private Task LoseAsync(string reason)
    {
        Lose(reason);
        return Task.CompletedTask;
    }
}
