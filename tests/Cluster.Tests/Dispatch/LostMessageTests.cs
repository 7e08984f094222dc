using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Cluster.Workers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;

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
}
