namespace CurvatureMonitor.Bench;

/// <summary>Several workers, each in a process of its own; they end together.</summary>
internal sealed class WorkerProcesses(BenchCluster cluster, Scratch data, int count) : IAsyncDisposable
{
    private readonly List<WorkerProcess> _processes =
    [
        .. Enumerable.Range(0, count).Select(_ => WorkerProcess.Start(cluster, data)),
    ];

    /// <summary>What they have taken of processors so far.</summary>
    internal TimeSpan ProcessorTime => TimeSpan.FromTicks(_processes.Sum(process => process.ProcessorTime.Ticks));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
