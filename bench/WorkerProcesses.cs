namespace CurvatureMonitor.Bench;

/// <summary>Several workers, each in a process of its own; they end together.</summary>
internal sealed class WorkerProcesses(BenchCluster cluster, Scratch data, int count) : IAsyncDisposable
{
    private readonly List<WorkerProcess> _processes =
    [
        .. Enumerable.Range(0, count).Select(_ => WorkerProcess.Start(cluster, data)),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }
}
