using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Cluster.Workers;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>Messages that cannot be read.</summary>
[Collection(BrokerGroup.Name)]
public sealed class UnreadableMessageTests(RabbitMqFixture broker) : IAsyncLifetime
{
    private readonly TestCluster _cluster = new(broker.Server);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _cluster.EndAsync();

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

    private Task<BrokerSession> OpenAsync() =>
        BrokerSession.OpenAsync(_cluster.Address, "test", (_, _) => { }, (_, _) => { }, CancellationToken.None);

    private Task<ClusterWorker> StartAsync() =>
        _cluster.StartWorkerAsync(new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)));
}
