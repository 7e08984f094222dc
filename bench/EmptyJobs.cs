using System.Diagnostics;
using System.Globalization;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Bench;

/// <summary>Jobs that measure nothing: what host, network and workers cost by themselves.</summary>
internal static class EmptyJobs
{
    private const int Slots = 20;
    private const int Latencies = 1000;

    // A host runs for days: until what it does was compiled for good.
    private const int WarmUp = 3000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    internal static async Task PrintAsync(TextWriter output, BenchCluster cluster, ClusterBundles bundles)
    {
        await PrintLatencyAsync(output, cluster, bundles);
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
        var job = bundles.Job(0, 1, ClusterBundles.ShortJob);
        using var checkpoint = job.Checkpoint;
        feed.Settle(job.Job.Id.Run);
        var times = new List<double>();
        for (int step = -WarmUp; step < Latencies; step++)
        {
            long started = Stopwatch.GetTimestamp();
            feed.Offer(job.As(job.Job.Id with { Step = 1 + WarmUp + step }));
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
        var job = bundles.Job(0, 1, ClusterBundles.ShortJob);
        using var checkpoint = job.Checkpoint;
        for (int run = 0; run < Slots; run++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"rate-{run}");
            feed.Settle(name);
            feed.Offer(job.As(new JobId(name, 1, AnalysisKind.Spectrum)));
        }

        double rate = await feed.RateAsync(Window, measured =>
            feed.Offer(job.As(measured.Id with { Step = measured.Id.Step + 1 }))
        );
        foreach (var worker in running)
        {
            await worker.DisposeAsync();
        }

        return rate;
    }
}
