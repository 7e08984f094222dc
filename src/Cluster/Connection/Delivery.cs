using RabbitMQ.Client;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// A message that the broker handed out and holds until it is acknowledged. When its channel is gone the broker hands
/// it out again.
/// </summary>
internal sealed class Delivery(
    IChannel channel,
    ulong tag,
    string routingKey,
    bool redelivered,
    IReadOnlyBasicProperties properties,
    byte[] body
)
{
    /// <summary>The content.</summary>
    public byte[] Body { get; } = body;

    /// <summary>The key it was published with.</summary>
    public string RoutingKey { get; } = routingKey;

    /// <summary>Whether it was handed out before.</summary>
    public bool Redelivered { get; } = redelivered;

    /// <summary>The id that its publisher gave it; empty where it gave none that is one.</summary>
    public Guid Id { get; } = Guid.TryParse(properties.MessageId, out var id) ? id : Guid.Empty;

    /// <summary>
    /// Why the broker dropped it last, as <c>x-death</c> says: <c>maxlen</c>, <c>delivery_limit</c>, <c>expired</c>,
    /// <c>rejected</c>; null where it did not.
    /// </summary>
    public string? DeathReason { get; } = ReasonOf(properties);

    /// <summary>Its headers.</summary>
    public IDictionary<string, object?>? Headers { get; } = properties.Headers;

    /// <summary>It is done with.</summary>
    /// <returns>Whether the broker could be told.</returns>
    public Task<bool> AckAsync() => TellAsync(() => channel.BasicAckAsync(tag, multiple: false));

    /// <summary>Nobody can do anything with it: it goes to the dead letters.</summary>
    /// <inheritdoc cref="AckAsync"/>
    public Task<bool> RejectAsync() => TellAsync(() => channel.BasicNackAsync(tag, multiple: false, requeue: false));

    /// <summary>It goes back to where it was, and counts as delivered once.</summary>
    /// <inheritdoc cref="AckAsync"/>
    public Task<bool> ReturnAsync() => TellAsync(() => channel.BasicNackAsync(tag, multiple: false, requeue: true));

    private static async Task<bool> TellAsync(Func<ValueTask> tell)
    {
        try
        {
            await tell().ConfigureAwait(false);
            return true;
        }
        catch (Exception gone) when (gone is not OutOfMemoryException)
        {
            // The session is over, whichever way that shows.
            return false;
        }
    }

    private static string? ReasonOf(IReadOnlyBasicProperties properties)
    {
        return
            properties.Headers is { } headers
            && headers.TryGetValue("x-death", out object? deaths)
            && deaths is IList<object> and [IDictionary<string, object?> last, ..]
            && last.TryGetValue("reason", out object? reason)
            && reason is byte[] text
            ? System.Text.Encoding.UTF8.GetString(text)
            : null;
    }
}
