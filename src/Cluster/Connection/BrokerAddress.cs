using RabbitMQ.Client;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>Where the broker is and who one is there. Its text never shows the password.</summary>
public sealed record BrokerAddress
{
    private readonly Uri _uri;

    private BrokerAddress(Uri uri) => _uri = uri;

    /// <summary>Reads an address.</summary>
    /// <param name="text">Such as <c>amqp://user:password@host:5672/vhost</c>.</param>
    public static BrokerAddress Parse(string text) => new(new Uri(text));

    /// <summary>Makes the factory of connections.</summary>
    /// <param name="clientName">What the broker shows of the connection.</param>
    public ConnectionFactory CreateFactory(string clientName) => new() { Uri = _uri, ClientProvidedName = clientName };

    /// <inheritdoc/>
    public override string ToString() => $"{_uri.Scheme}://{_uri.Host}:{_uri.Port}{_uri.AbsolutePath}";
}
