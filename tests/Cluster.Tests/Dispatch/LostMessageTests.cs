using Akka.Actor;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Cluster.Workers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>
/// Queues, messages and consumers vanish at the broker without a word; everything goes on all the same.
/// </summary>
[Collection(BrokerGroup.Name)]
public sealed class LostMessageTests(RabbitMqFixture broker) : IAsyncLifetime
{
    private readonly TestCluster _cluster = new(broker.Server);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _cluster.EndAsync();

    [Fact]
    public async Task A_ticket_that_is_lost_is_sent_again()
    {
        await using var desk = new JobDesk(_cluster);
        var id = await WaitingAsync(desk);
        await HarmAsync(channel => channel.QueuePurgeAsync(_cluster.Names.Tickets("cpu")));
        await StartAsync();
        Assert.Equal(id, Assert.IsType<Measured>(await desk.Answer()).Id);
        await desk.Quiet();
    }

    [Fact]
    public async Task A_job_whose_slot_is_lost_is_sent_again()
    {
        await using var desk = new JobDesk(_cluster);
        var id = await WaitingAsync(desk);
        await HarmAsync(channel =>
            channel.QueueDeleteAsync(_cluster.Names.Slot("host", "a", AnalysisKind.Spectrum, 0), false, false, false)
        );
        await StartAsync();
        Assert.Equal(id, Assert.IsType<Measured>(await desk.Answer()).Id);
        await desk.Quiet();
    }

    [Fact]
    public async Task Consumers_whose_queues_are_deleted_are_built_anew()
    {
        await using var desk = new JobDesk(_cluster);
        await StartAsync();
        await desk.Quiet();
        string[] queues =
        [
            _cluster.Names.Tickets("cpu"),
            _cluster.Names.Results("host"),
            _cluster.Names.Dropped("host"),
        ];
        foreach (string queue in queues)
        {
            double? before = desk.Sample("curvature_bus_reconnects_total{role=\"host\"}");
            await HarmAsync(channel => channel.QueueDeleteAsync(queue, false, false, false));
            if (queue != queues[0])
            {
                await Until.HoldsAsync(() => desk.Sample("curvature_bus_reconnects_total{role=\"host\"}") > before);
            }

            await desk.Quiet();
        }
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_goes_to_the_dead_letters_and_holds_nobody_up()
    {
        await using var desk = new JobDesk(_cluster);
        await StartAsync();
        await desk.Quiet();
        var session = await OpenAsync();
        await using (session)
        {
            var limit = TimeSpan.FromSeconds(10);
            await session.PublishAsync(
                _cluster.Names.ResultsExchange,
                "host",
                "{\"wire\":1}"u8.ToArray(),
                Guid.NewGuid(),
                limit
            );
            await session.PublishAsync(
                _cluster.Names.JobsExchange,
                _cluster.Names.Tickets("cpu"),
                "nonsense"u8.ToArray(),
                Guid.NewGuid(),
                limit
            );
            await Until.HoldsAsync(async () =>
                await session.InspectAsync(_cluster.Names.DeadQueue, CancellationToken.None) is { Ready: 2 }
            );
        }

        await desk.Quiet();
    }

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
        system.ActorOf(Props.Create(() => new Owner(settings, words.Writer)));
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

    private Task<ClusterWorker> StartAsync() =>
        _cluster.StartWorkerAsync(new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)));

    /// <summary>A job waits in its slot, and its ticket in its queue.</summary>
    private async Task<JobId> WaitingAsync(JobDesk desk)
    {
        var id = desk.Offer("a", 1);
        await using var session = await OpenAsync();
        await Until.HoldsAsync(async () =>
            await session.InspectAsync(_cluster.Names.Tickets("cpu"), CancellationToken.None) is { Ready: 1 }
        );
        return id;
    }

    private async Task HarmAsync(Func<RabbitMQ.Client.IChannel, Task> harm)
    {
        await using var session = await OpenAsync();
        await session.DeclareAsync(harm, CancellationToken.None);
    }

    private sealed class Owner : ReceiveActor
    {
        public Owner(LinkSettings settings, System.Threading.Channels.ChannelWriter<object> words)
        {
            Context.ActorOf(Props.Create(() => new BrokerLink(settings)));
            ReceiveAny(word => words.TryWrite(word));
        }
    }
}
