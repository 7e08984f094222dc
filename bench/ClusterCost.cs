using System.Diagnostics;
using System.Globalization;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Bench;

/// <summary>What a cluster costs and gives: a host and its workers, over TLS on loopback.</summary>
internal static class ClusterCost
{
    private const int Slots = 20;
    private const int Latencies = 300;
    private const int Kills = 7;
    private const int BundleRuns = 4;
    private const int Checkpoints = 30;
    private const int ShortJob = 16;
    private const int LongJob = 250;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ScalingWindow = TimeSpan.FromSeconds(20);

    internal static async Task PrintAsync(TextWriter output)
    {
        TorchRuntime.Threads = 1;
        using var data = new Scratch();
        var cluster = new BenchCluster(data);
        using var bundles = new ClusterBundles(data.Folder, BundleRuns, Checkpoints, Mnist.Embedded());
        await PrintLatencyAsync(output, cluster, bundles);
        var times = await KillsAsync(cluster, data, bundles);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"from SIGKILL of a worker to the start of its job at another: median "
                    + $"{1000 * Statistics.Median(times):0} ms, {1000 * times.Min():0} to {1000 * times.Max():0} "
                    + $"ms in {times.Count}"
            )
        );
        foreach (int workers in new[] { 1, 2, 4 })
        {
            double rate = await RateAsync(cluster, bundles, workers);
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"empty jobs, {Slots} runs, {workers} workers: {rate:0} jobs a second"
                )
            );
        }

        foreach (int workers in new[] { 1, 2, 1, 2 })
        {
            double rate = await ScalingAsync(cluster, data, bundles, workers);
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"spectra of mlp, {workers} worker processes of one thread: {60 * rate:0} checkpoints a minute"
                )
            );
        }
    }

    private static async Task PrintLatencyAsync(TextWriter output, BenchCluster cluster, ClusterBundles bundles)
    {
        double pool;
        await using (
            var feed = new ClusterFeed(context => new BoardDispatcher(
                LocalBoard.Start(context.System, Workers(context), context.Events)
            ))
        )
        {
            pool = Statistics.Median(await LatenciesAsync(feed, bundles));
        }

        var claims = new MemoryClaims();
        await using var feedOfCluster = new ClusterFeed(context => cluster.Dispatcher(claims, context));
        await using var worker = cluster.Worker(claims);
        var times = await LatenciesAsync(feedOfCluster, bundles);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"an empty job from offer to answer: {1000 * pool:0.00} ms in one process, "
                    + $"{1000 * Statistics.Median(times):0.0} ms in a cluster (95 of 100 within "
                    + $"{1000 * times.Order().ElementAt(times.Count * 95 / 100):0.0} ms)"
            )
        );
    }

    private static WorkerSettings Workers(DispatcherContext context) =>
        new(1, new EmptyAnalyzer(), context.Resources, new JobCancellations(), context.Time, context.Logger);

    private static async Task<List<double>> LatenciesAsync(ClusterFeed feed, ClusterBundles bundles)
    {
        var job = bundles.Job(0, 1, ShortJob);
        using var checkpoint = job.Checkpoint;
        feed.Settle(job.Job.Id.Run);
        var times = new List<double>();
        for (int step = -20; step < Latencies; step++)
        {
            long started = Stopwatch.GetTimestamp();
            feed.Offer(job.As(job.Job.Id with { Step = 1000 + step }));
            await feed.AnswerAsync();
            if (step >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        return times;
    }

    private static async Task<double> RateAsync(BenchCluster cluster, ClusterBundles bundles, int workers)
    {
        var claims = new MemoryClaims();
        await using var feed = new ClusterFeed(context => cluster.Dispatcher(claims, context));
        List<WorkerNode> running = [.. Enumerable.Range(0, workers).Select(_ => cluster.Worker(claims))];
        var job = bundles.Job(0, 1, ShortJob);
        using var checkpoint = job.Checkpoint;
        for (int run = 0; run < Slots; run++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"rate-{run}");
            feed.Settle(name);
            feed.Offer(job.As(new JobId(name, 1, AnalysisKind.Spectrum)));
        }

        double rate = await CountAsync(feed, Window, measured =>
            feed.Offer(job.As(measured.Id with { Step = measured.Id.Step + 1 }))
        );
        foreach (var worker in running)
        {
            await worker.DisposeAsync();
        }

        return rate;
    }

    private static async Task<double> ScalingAsync(
        BenchCluster cluster,
        Scratch data,
        ClusterBundles bundles,
        int workers
    )
    {
        await using var feed = new ClusterFeed(context => cluster.Dispatcher(data.Claims(), context));
        await using var processes = new WorkerProcesses(cluster, data, workers);
        var handles = new Dictionary<JobId, Checkpoint>();
        for (int run = 0; run < BundleRuns; run++)
        {
            feed.Settle(string.Create(CultureInfo.InvariantCulture, $"bench-{run}"));
            Offer(run, 1);
        }

        // Until every worker has the files and its models.
        for (int warm = 0; warm < 8 * workers; warm++)
        {
            Again(await feed.AnswerAsync());
        }

        double rate = await CountAsync(feed, ScalingWindow, Again);
        foreach (var handle in handles.Values)
        {
            handle.Dispose();
        }

        return rate;

        void Offer(int run, long step)
        {
            var job = bundles.Job(run, step, ShortJob);
            handles[job.Job.Id] = job.Checkpoint;
            feed.Offer(job);
        }

        void Again(Measured measured)
        {
            handles.Remove(measured.Id, out var handle);
            handle!.Dispose();
            Offer(
                int.Parse(measured.Id.Run.Split('-')[1], CultureInfo.InvariantCulture),
                (measured.Id.Step % bundles.Checkpoints) + 1
            );
        }
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

    private static async Task<double> CountAsync(ClusterFeed feed, TimeSpan window, Action<Measured> again)
    {
        long started = Stopwatch.GetTimestamp();
        int count = 0;
        while (Stopwatch.GetElapsedTime(started) < window)
        {
            again(await feed.AnswerAsync());
            count++;
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
