namespace CurvatureMonitor.Bench;

/// <summary>A worker's process, and another in its place whenever it ends, as whoever keeps workers has it.</summary>
internal sealed class KeptWorkerProcess : IAsyncDisposable
{
    private readonly TaskCompletionSource _over = new();
    private readonly Task _kept;

    internal KeptWorkerProcess(BenchCluster cluster, Scratch data) => _kept = KeepAsync(cluster, data);

    public async ValueTask DisposeAsync()
    {
        _over.SetResult();
        await _kept;
    }

    private async Task KeepAsync(BenchCluster cluster, Scratch data)
    {
        while (!_over.Task.IsCompleted)
        {
            await using var process = WorkerProcess.Start(cluster, data);
            await Task.WhenAny(process.Ended, _over.Task);
        }
    }
}
