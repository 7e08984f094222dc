using CurvatureMonitor.Cluster.Wire;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// Publishes on two channels: one whose messages the broker confirms, and one whose messages may be lost.
/// </summary>
/// <param name="confirmed">The channel with confirmations.</param>
/// <param name="events">The other.</param>
internal sealed class BrokerPublisher(IChannel confirmed, IChannel events) : IDisposable
{
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private readonly SemaphoreSlim _telling = new(1, 1);

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
            await confirmed
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
            await events
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

    public void Dispose()
    {
        _publishing.Dispose();
        _telling.Dispose();
    }
}
