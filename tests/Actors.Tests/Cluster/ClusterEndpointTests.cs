using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Mistakes in addresses are one line that says what is wrong, and where.</summary>
public sealed class ClusterEndpointTests
{
    [Theory]
    [InlineData("host", "--join host: is no HOST:PORT")]
    [InlineData("host:0", "is no HOST:PORT")]
    [InlineData("host:65536", "is no HOST:PORT")]
    [InlineData(":4053", "is no HOST:PORT")]
    [InlineData("akka://host:4053", "is no HOST:PORT")]
    [InlineData("::1:4053", "is an address of IPv6")]
    public void An_address_that_is_none_is_refused(string text, string problem) =>
        Assert.Contains(
            problem,
            Assert.Throws<UserErrorException>(() => ClusterEndpoint.Parse(text, "--join")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void An_address_is_read() =>
        Assert.Equal(new ClusterEndpoint("curvature-0.curvature", 4053), ClusterEndpoint.Parse(
            "curvature-0.curvature:4053",
            "--join"
        ));
}
