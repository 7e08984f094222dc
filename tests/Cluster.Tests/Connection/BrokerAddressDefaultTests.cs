using CurvatureMonitor.Cluster.Connection;

namespace CurvatureMonitor.Cluster.Tests.Connection;

/// <summary>Addresses that leave parts out.</summary>
public sealed class BrokerAddressDefaultTests
{
    [Theory]
    [InlineData("amqp://h", "h", 5672, "/", false)]
    [InlineData("amqp://h/", "h", 5672, "/", false)]
    [InlineData("amqps://h", "h", 5671, "/", true)]
    [InlineData("AMQP://h:1/curvature", "h", 1, "curvature", false)]
    [InlineData("amqp://[::1]:7/%2Fcurvature", "::1", 7, "/curvature", false)]
    [InlineData("amqp://10.0.0.1/a%20b", "10.0.0.1", 5672, "a b", false)]
    public void An_address_without_some_parts_has_the_usual_ones(
        string url,
        string host,
        int port,
        string virtualHost,
        bool tls
    )
    {
        var address = Parse(url);
        Assert.Equal(
            (host, port, virtualHost, tls),
            (address.Host, address.Port, address.VirtualHost, address.UsesTls)
        );
        Assert.Equal("guest", address.User);
        var factory = address.CreateFactory("a name");
        Assert.False(factory.AutomaticRecoveryEnabled);
        Assert.False(factory.TopologyRecoveryEnabled);
        Assert.Equal(TimeSpan.FromSeconds(10), factory.RequestedHeartbeat);
        Assert.Equal("a name", factory.ClientProvidedName);
    }

    private static BrokerAddress Parse(string url) => BrokerAddress.Parse(url, environment: _ => null);
}
