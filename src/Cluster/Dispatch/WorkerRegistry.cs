using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>The workers that were heard, and what they are at.</summary>
internal sealed class WorkerRegistry(string instance, HostTimings timings, ClusterMetrics metrics, TimeProvider time)
{
    private readonly Dictionary<string, (WorkerStatus Status, long Heard, DateTimeOffset At)> _workers = new(
        StringComparer.Ordinal
    );

    /// <summary>The workers that are up.</summary>
    public IEnumerable<WorkerStatus> Up =>
        _workers.Values.Where(worker => IsUp(worker.Heard)).Select(worker => worker.Status);

    /// <summary>A worker said how it is.</summary>
    public void Heard(WorkerStatus status)
    {
        if (_workers.TryGetValue(status.Worker, out var known) && known.Status.Device != status.Device)
        {
            metrics.RemoveWorker(status.Worker, known.Status.Device);
        }

        if (status.State == WorkerState.Stopped)
        {
            // In order: no failure to alert on.
            _workers.Remove(status.Worker);
            metrics.RemoveWorker(status.Worker, status.Device);
            return;
        }

        var now = time.GetUtcNow();
        _workers[status.Worker] = (status, time.GetTimestamp(), now);
        metrics.ReportWorker(status.Worker, status.Device, up: true, status.State != WorkerState.Idle, now);
    }

    /// <summary>Whether a worker that is up says that it is at a job.</summary>
    public bool IsAt(JobId job) => Up.Any(status => status.Instance == instance && status.Job == job);

    /// <summary>Looks who has fallen silent. Nobody has while this process itself cannot hear.</summary>
    public void Sweep()
    {
        foreach (var (name, worker) in _workers)
        {
            if (time.GetElapsedTime(worker.Heard) > timings.Grace)
            {
                _workers.Remove(name);
                metrics.RemoveWorker(name, worker.Status.Device);
            }
            else if (!IsUp(worker.Heard))
            {
                metrics.ReportWorker(name, worker.Status.Device, up: false, busy: null, worker.At);
            }
        }
    }

    /// <summary>This process can hear again: whoever it knows has the time of a silence to say something.</summary>
    public void Listening()
    {
        foreach (var (name, worker) in _workers.ToList())
        {
            _workers[name] = worker with { Heard = time.GetTimestamp() };
        }
    }

    private bool IsUp(long heard) => time.GetElapsedTime(heard) <= timings.Silence;
}
