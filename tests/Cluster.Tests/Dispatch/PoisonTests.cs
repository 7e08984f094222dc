using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>A checkpoint that breaks every worker.</summary>
[Collection(BrokerGroup.Name)]
public sealed class PoisonTests(RabbitMqFixture broker) : WorkerScenario(broker)
{
    [Fact]
    public async Task A_checkpoint_that_breaks_every_worker_ends_in_the_dead_letters_and_others_are_not_held_up()
    {
        var poison = Desk.Offer("poison", 1);
        int deaths = 0;
        do
        {
            var died = new TaskCompletionSource();
            var worker = await Cluster.StartWorkerAsync(
                new ScriptedAnalyzer(
                    (job, _) =>
                    {
                        if (job.Id.Run == "poison")
                        {
                            died.SetResult();
                            Gate.Wait(CancellationToken.None);
                        }

                        return Reports.Sharpness(1);
                    }
                )
            );
            if (deaths > 0)
            {
                // What came after the poison is done before that is tried again.
                Assert.Equal(
                    new JobId("healthy", deaths, AnalysisKind.Spectrum),
                    Assert.IsType<Measured>(await Desk.Answer()).Id
                );
            }

            await died.Task;
            deaths++;
            Desk.Offer("healthy", deaths);
            await Until.HoldsAsync(async () => await DepthAsync("cpu") == 1);
            await worker.DisposeAsync();
        } while (deaths <= Topology.SlotDeliveryLimit);

        await Cluster.StartWorkerAsync(Quick());
        List<object> answers = [await Desk.Answer(), await Desk.Answer()];
        Assert.Equal(new JobDropped(poison, DropReason.Poison), Assert.Single(answers.OfType<JobDropped>()));
        Assert.Equal(deaths, Assert.Single(answers.OfType<Measured>()).Id.Step);
        var session = await BrokerSession.OpenAsync(
            Cluster.Address,
            "test",
            (_, _) => { },
            (_, _) => { },
            CancellationToken.None
        );
        await using (session)
        {
            var dead = await session.GetAsync(Cluster.Names.DeadQueue, CancellationToken.None);
            Assert.NotNull(dead);
            Assert.Equal("delivery_limit", dead.DeathReason);
            Assert.Equal(BrokerNames.PoisonKey("host", "poison"), dead.RoutingKey);
            await dead.AckAsync();
            Assert.Null(await session.GetAsync(Cluster.Names.DeadQueue, CancellationToken.None));
        }

        await Desk.Quiet();
    }

    private async Task<long?> DepthAsync(string kind)
    {
        await using var session = await BrokerSession.OpenAsync(
            Cluster.Address,
            "test",
            (_, _) => { },
            (_, _) => { },
            CancellationToken.None
        );
        return (await session.InspectAsync(Cluster.Names.Tickets(kind), CancellationToken.None))?.Ready;
    }
}
