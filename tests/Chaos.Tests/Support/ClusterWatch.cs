using System.Collections.Concurrent;
using System.Text.Json;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>Looks at a cluster from the outside, again and again, as <c>GET /api/cluster</c> shows it.</summary>
internal sealed class ClusterWatch : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly HttpClient _client;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _looking;
    private readonly ConcurrentQueue<(SeenJob Job, DateTime At)> _started = new();
    private volatile IReadOnlyDictionary<string, SeenWorker> _workers = new Dictionary<string, SeenWorker>();

    internal ClusterWatch(Uri host)
    {
        _client = new HttpClient { BaseAddress = host };
        _looking = Task.Run(LookAsync);
    }

    /// <summary>Jobs that were seen to begin, in order.</summary>
    internal IReadOnlyList<(SeenJob Job, DateTime At)> Started => [.. _started];

    /// <summary>A worker as its host saw it last; null where the host does not know it.</summary>
    internal SeenWorker? Worker(string name) => _workers.GetValueOrDefault(name);

    /// <summary>Whether the cluster has a worker that it does not reach, and has not removed yet.</summary>
    internal async Task<bool> MissesWorkerAsync() =>
        !(await _client.GetStringAsync("/metrics", _end.Token)).Contains(
            "curvature_cluster_members{role=\"worker\",state=\"unreachable\"} 0",
            StringComparison.Ordinal
        );

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
        _client.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var report = JsonDocument.Parse(await _client.GetStringAsync("/api/cluster", _end.Token));
                var seen = report
                    .RootElement.GetProperty("workers")
                    .EnumerateArray()
                    .Select(SeenWorker.Read)
                    .ToDictionary(worker => worker.Name);
                foreach (var worker in seen.Values)
                {
                    if (worker.Job is { } job && _workers.GetValueOrDefault(worker.Name) is var before)
                    {
                        if (before?.Job != job || before.ProcessId != worker.ProcessId)
                        {
                            _started.Enqueue((job, DateTime.UtcNow));
                        }
                    }
                }

                _workers = seen;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // The host is away, or starts.
            }

            await Task.Delay(Poll, _end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>A job that a worker is at.</summary>
    internal sealed record SeenJob(string Run, long Step);

    /// <summary>A worker.</summary>
    internal sealed record SeenWorker(string Name, string State, int ProcessId, long JobsDone, SeenJob? Job)
    {
        internal static SeenWorker Read(JsonElement worker) =>
            new(
                worker.GetProperty("name").GetString()!,
                worker.GetProperty("state").GetString()!,
                worker.GetProperty("process_id").GetInt32(),
                worker.GetProperty("jobs_done").GetInt64(),
                worker.TryGetProperty("run", out var run)
                    ? new SeenJob(run.GetString()!, worker.GetProperty("step").GetInt64())
                    : null
            );
    }
}
