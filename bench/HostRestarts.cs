using System.Diagnostics;

namespace CurvatureMonitor.Bench;

/// <summary>How long jobs rest when a host ends without a word and another takes its place.</summary>
internal static class HostRestarts
{
    private const int Restarts = 5;

    /// <summary>Seconds from the end of a host to the first answer that the next one has.</summary>
    internal static async Task<List<double>> TimesAsync(BenchCluster cluster, Scratch data, ClusterBundles bundles)
    {
        var feed = new ClusterFeed(context => cluster.Dispatcher(data.Claims(), context));
        await using var worker = new KeptWorkerProcess(cluster, data);
        var times = new List<double>();
        await AnswerAsync(0);
        for (int restart = 1; restart <= Restarts; restart++)
        {
            long ended = Stopwatch.GetTimestamp();
            await feed.DisposeAsync();
            feed = new ClusterFeed(context => cluster.DispatcherAgain(data.Claims(), context));
            await AnswerAsync(restart);
            times.Add(Stopwatch.GetElapsedTime(ended).TotalSeconds);
        }

        await feed.DisposeAsync();
        return times;

        async Task AnswerAsync(int number)
        {
            var job = bundles.Job(0, number + 1, ClusterBundles.ShortJob);
            using var checkpoint = job.Checkpoint;
            feed.Settle(job.Job.Id.Run);
            feed.Offer(job);
            await feed.AnswerAsync();
        }
    }
}
