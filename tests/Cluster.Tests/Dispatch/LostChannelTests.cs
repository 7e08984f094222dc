using Akka.Actor;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>A channel that the broker closes.</summary>
[Collection(BrokerGroup.Name)]
public sealed class LostChannelTests(RabbitMqFixture broker) : IAsyncLifetime
{
    private readonly TestCluster _cluster = new(broker.Server);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _cluster.EndAsync();

    [Fact]
    public async Task A_channel_that_the_broker_closes_while_the_connection_stays_open_is_noticed_and_built_anew()
    {
        // What the broker does when a consumer keeps a message for longer than consumer_timeout: the channel goes, and
        // with it, silently, the consumer.
        var received = System.Threading.Channels.Channel.CreateUnbounded<Delivery>();
        var metrics = new CurvatureMetrics();
        string queue = _cluster.Names.Tickets("cuda");
        var settings = new LinkSettings(
            _cluster.Address,
            "test",
            "test",
            channel => Topology.DeclareSharedAsync(channel, _cluster.Names),
            (session, cancellation) =>
                session.ConsumeAsync(queue, 1, delivery => received.Writer.TryWrite(delivery), cancellation),
            metrics.Cluster,
            TimeProvider.System,
            NullLogger.Instance
        );
        var system = ActorRuntime.Start(
            "link",
            TimeProvider.System,
            TimeSpan.FromSeconds(5),
            NullLoggerFactory.Instance
        );
        var words = System.Threading.Channels.Channel.CreateUnbounded<object>();
        system.ActorOf(Props.Create(() => new LinkOwner(settings, words.Writer)));
        while (await words.Reader.ReadAsync() is not LinkReady) { }

        await using (var session = await OpenAsync())
        {
            var ticket = new Ticket(WireJson.Version, "i", "s", new JobNeeds(1, null));
            await session.PublishAsync(
                _cluster.Names.JobsExchange,
                queue,
                WireJson.Write(ticket),
                Guid.NewGuid(),
                TimeSpan.FromSeconds(10)
            );
        }

        var first = await received.Reader.ReadAsync();
        await first.AckAsync();
        await first.AckAsync(); // an acknowledgement that the broker does not know: 406
        Assert.Contains(
            "PRECONDITION_FAILED",
            Assert.IsType<LinkDown>(await words.Reader.ReadAsync()).Reason,
            StringComparison.Ordinal
        );
        while (await words.Reader.ReadAsync() is not LinkReady) { }

        await using (var session = await OpenAsync())
        {
            await Until.HoldsAsync(async () =>
                await session.InspectAsync(queue, CancellationToken.None) is { Consumers: 1 }
            );
        }

        await system.Terminate();
    }

    private Task<BrokerSession> OpenAsync() =>
        BrokerSession.OpenAsync(_cluster.Address, "test", (_, _) => { }, (_, _) => { }, CancellationToken.None);
}
