using CurvatureMonitor.Chaos.Tests.Support;

namespace CurvatureMonitor.Chaos.Tests;

/// <summary>Cables that are cut in silence, links that lose packets, hosts on two sides of a split.</summary>
public sealed class NetworkTests
{
    private const string LeftCluster = "This worker ends, and another must take its place";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData(Direction.Both)]
    [InlineData(Direction.ToWorker)]
    [InlineData(Direction.FromWorker)]
    public async Task A_cable_that_is_cut_until_both_sides_gave_up_costs_nothing_but_time(Direction direction)
    {
        using var cluster = new ScatteredCluster(1);
        var trainer = await BeginAsync(cluster, 1, "run");
        Cut(cluster, direction);
        await Until.HoldsAsync(
            "the host has missed the worker",
            () => cluster.HostSaid(1, "The worker akka.ssl.tcp") >= 2 && cluster.HostSaid(1, "is lost") >= 1,
            cluster.Say
        );
        await Until.HoldsAsync("the worker has ended", () => cluster.WorkerSaid(LeftCluster) >= 1, cluster.Say);
        cluster.Network.Mend(cluster.WorkerMachine);
        await EndAsync(cluster, 1, trainer);
    }

    [Fact]
    public async Task A_cable_that_is_cut_for_three_seconds_is_not_noticed_in_the_books()
    {
        using var cluster = new ScatteredCluster(1);
        var trainer = await BeginAsync(cluster, 1, "run");
        Cut(cluster, Direction.Both);

        // The length of the cut is what is tested, and not a time that something needs.
        await Task.Delay(TimeSpan.FromSeconds(3));
        cluster.Network.Mend(cluster.WorkerMachine);
        await EndAsync(cluster, 1, trainer);
    }

    [Fact]
    public async Task A_slow_link_that_loses_packets_loses_no_checkpoint()
    {
        using var cluster = new ScatteredCluster(1);
        cluster.Network.Narrow(cluster.WorkerMachine, kilobits: 2000);
        var trainer = await BeginAsync(cluster, 1, "run");
        await EndAsync(cluster, 1, trainer);
        Assert.True(cluster.Network.HasLost(cluster.WorkerMachine));
    }

    [Fact]
    public async Task A_host_that_is_split_off_comes_back_and_the_other_goes_on_all_the_while()
    {
        using var cluster = new ScatteredCluster(2);
        var first = await BeginAsync(cluster, 1, "first");
        var second = await BeginAsync(cluster, 2, "second");
        cluster.Network.CutTowards(2);
        cluster.Network.CutFrom(2);
        await Until.HoldsAsync(
            "the second host knows that it is shut out",
            () => cluster.HostSaid(2, "The cluster has no place for this host any more") >= 1,
            cluster.Say
        );
        long before = cluster.History(1, "first").Measured;
        await Until.HoldsAsync(
            "the first host has its runs measured",
            () => cluster.History(1, "first").Measured > before,
            cluster.Say
        );
        cluster.Network.Mend(2);
        await EndAsync(cluster, 1, first);
        await EndAsync(cluster, 2, second);
    }

    private static void Cut(ScatteredCluster cluster, Direction direction)
    {
        if (direction != Direction.FromWorker)
        {
            cluster.Network.CutTowards(cluster.WorkerMachine);
        }

        if (direction != Direction.ToWorker)
        {
            cluster.Network.CutFrom(cluster.WorkerMachine);
        }
    }

    private static async Task<Trainer> BeginAsync(ScatteredCluster cluster, int host, string run)
    {
        var model = SmallModel.Write(Path.Combine(cluster.Watched(host), run), run);
        var trainer = new WatchedTrainer(model, Interval);
        trainer.Start();
        await Until.HoldsAsync(
            $"{run} is measured",
            () => cluster.History(host, run).Measured >= 1,
            cluster.Say
        );
        return trainer;
    }

    private static async Task EndAsync(ScatteredCluster cluster, int host, Trainer trainer)
    {
        await trainer.FinishAsync();
        var history = cluster.History(host, trainer.Run);
        await Until.HoldsAsync($"{trainer.Run} has ended", () => history.Events("run_ended").Count == 1, cluster.Say);
        Assert.Equal(
            trainer.Emitted,
            history.Steps("checkpoint_measured").Concat(history.Steps("checkpoint_dropped")).Order()
        );
        Assert.Contains(trainer.Emitted[^1], history.Steps("checkpoint_measured"));
        Assert.Empty(history.Events("run_degraded"));
    }
}
