using System.Diagnostics;
using System.Globalization;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Bench;

/// <summary>What a cluster costs and gives: a host and its workers, over TLS on loopback.</summary>
internal static class ClusterCost
{
    private const int Kills = 7;
    private const int BundleRuns = 4;
    private const int Checkpoints = 30;
    private const int LongJob = 250;

    internal static async Task PrintAsync(TextWriter output)
    {
        TorchRuntime.Threads = 1;
        using var data = new Scratch();
        var cluster = new BenchCluster(data);
        using var bundles = new ClusterBundles(data.Folder, BundleRuns, Checkpoints, Mnist.Embedded());
        await EmptyJobs.PrintAsync(output, cluster, bundles);
        var times = await KillsAsync(cluster, data, bundles);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"from SIGKILL of a worker to the start of its job at another: median "
                    + $"{1000 * Statistics.Median(times):0} ms, {1000 * times.Min():0} to {1000 * times.Max():0} "
                    + $"ms in {times.Count}"
            )
        );
        var restarts = await HostRestarts.TimesAsync(cluster, data, bundles);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"from the end of a host to the answer of a job that the next one gives: median "
                    + $"{Statistics.Median(restarts):0.0} s, {restarts.Min():0.0} to {restarts.Max():0.0} s in "
                    + $"{restarts.Count}"
            )
        );
        await ClusterScaling.PrintAsync(output, cluster, data, bundles);
    }

    internal static async Task PrintScalingAsync(TextWriter output)
    {
        TorchRuntime.Threads = 1;
        using var data = new Scratch();
        using var bundles = new ClusterBundles(data.Folder, BundleRuns, Checkpoints, Mnist.Embedded());
        await ClusterScaling.PrintAsync(output, new BenchCluster(data), data, bundles);
    }

    internal static async Task PrintJobsAsync(TextWriter output)
    {
        TorchRuntime.Threads = 1;
        using var data = new Scratch();
        using var bundles = new ClusterBundles(data.Folder, 1, 1, Mnist.Embedded());
        await EmptyJobs.PrintAsync(output, new BenchCluster(data), bundles);
    }

    private static async Task<List<double>> KillsAsync(BenchCluster cluster, Scratch data, ClusterBundles bundles)
    {
        var times = new List<double>();
        await using var feed = new ClusterFeed(context => cluster.Dispatcher(data.Claims(), context));
        for (int kill = 0; kill < Kills; kill++)
        {
            await using var victim = WorkerProcess.Start(cluster, data);
            var job = bundles.Job(0, kill + 1, LongJob);
            using var checkpoint = job.Checkpoint;
            feed.Settle(job.Job.Id.Run);
            feed.Offer(job);
            await StartedAsync(feed);
            await using var other = WorkerProcess.Start(cluster, data);
            await other.Ready;
            long killed = Stopwatch.GetTimestamp();
            await victim.DisposeAsync();
            await StartedAsync(feed);
            times.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
            await feed.AnswerAsync();
        }

        return times;
    }

    private static async Task StartedAsync(ClusterFeed feed)
    {
        if (await feed.NextAsync() is not JobStarted)
        {
            throw new InvalidOperationException(
                "the job was answered before it was taken from its worker: it is too short"
            );
        }
    }
}
