using System.Diagnostics;
using System.Globalization;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Bench;

/// <summary>A host with worker processes that are warm, and have nothing to do but while they are measured.</summary>
internal sealed class SteadyCluster : IAsyncDisposable
{
    // Until a worker has the files and its models, and what it does was compiled for good.
    private const int WarmJobs = 40;

    private readonly ClusterBundles _bundles;
    private readonly ClusterFeed _feed;
    private readonly WorkerProcesses _processes;
    private readonly Dictionary<JobId, Checkpoint> _open = [];

    // The next checkpoint of each run: one after the other, so that none comes whose result a worker remembers.
    private readonly long[] _next;

    private SteadyCluster(BenchCluster cluster, Scratch data, ClusterBundles bundles, int workers)
    {
        _bundles = bundles;
        _feed = new ClusterFeed(context => cluster.Dispatcher(data.Claims(), context));
        _processes = new WorkerProcesses(cluster, data, workers);
        _next = new long[bundles.Runs];
    }

    internal static async Task<SteadyCluster> StartAsync(
        BenchCluster cluster,
        Scratch data,
        ClusterBundles bundles,
        int workers
    )
    {
        var steady = new SteadyCluster(cluster, data, bundles, workers);
        for (int run = 0; run < bundles.Runs; run++)
        {
            steady._feed.Settle(Name(run));
            steady.Offer(run);
        }

        for (int warm = 0; warm < WarmJobs * workers; warm++)
        {
            steady.Again(await steady._feed.AnswerAsync());
        }

        await steady.EmptyAsync();
        return steady;
    }

    /// <summary>Keeps a job of each run open for a while, and then lets them all end.</summary>
    internal async Task<JobRate> MeasureAsync(TimeSpan window)
    {
        for (int run = 0; run < _bundles.Runs; run++)
        {
            Offer(run);
        }

        Again(await _feed.AnswerAsync());
        using var host = Process.GetCurrentProcess();
        var (hostBefore, workersBefore) = (host.TotalProcessorTime, _processes.ProcessorTime);
        double jobs = await _feed.RateAsync(window, Again);
        host.Refresh();
        double all = jobs * window.TotalSeconds;
        var rate = new JobRate(
            jobs,
            (host.TotalProcessorTime - hostBefore).TotalSeconds / all,
            (_processes.ProcessorTime - workersBefore).TotalSeconds / all
        );
        await EmptyAsync();
        return rate;
    }

    public async ValueTask DisposeAsync()
    {
        await _processes.DisposeAsync();
        await _feed.DisposeAsync();
    }

    private static string Name(int run) => string.Create(CultureInfo.InvariantCulture, $"bench-{run}");

    private void Offer(int run)
    {
        var job = _bundles.Job(run, 1 + (_next[run]++ % _bundles.Checkpoints), ClusterBundles.ShortJob);
        _open[job.Job.Id] = job.Checkpoint;
        _feed.Offer(job);
    }

    private void Again(Measured measured)
    {
        Close(measured);
        Offer(int.Parse(measured.Id.Run.Split('-')[1], CultureInfo.InvariantCulture));
    }

    private void Close(Measured measured)
    {
        _open.Remove(measured.Id, out var handle);
        handle!.Dispose();
    }

    private async Task EmptyAsync()
    {
        while (_open.Count > 0)
        {
            Close(await _feed.AnswerAsync());
        }
    }
}
