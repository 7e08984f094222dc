namespace CurvatureMonitor.Cluster.Tests.Support;

/// <summary>The tests that share the broker of <see cref="RabbitMqFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class BrokerGroup : ICollectionFixture<RabbitMqFixture>
{
    public const string Name = "broker";
}
