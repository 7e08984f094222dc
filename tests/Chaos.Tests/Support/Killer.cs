using System.Diagnostics;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>
/// Kills workers at moments that it can prove: while they are at a job that gave no result yet, and after the broker
/// had one.
/// </summary>
internal sealed class Killer(ProcessCluster cluster, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The jobs whose workers were killed before they published.</summary>
    internal List<JobId> Before { get; } = [];

    /// <summary>The jobs whose workers were killed after they published.</summary>
    internal List<JobId> After { get; } = [];

    private ClusterWatch Watch => cluster.Watch;

    internal string Choose() => ProcessCluster.WorkerNames[_random.Next(ProcessCluster.WorkerNames.Count)];

    /// <summary>kill -9 of a worker in the middle of a job.</summary>
    internal async Task BeforeAsync(string worker)
    {
        while (true)
        {
            var busy = await BusyAsync(worker);
            await Task.Delay(_random.Next(150));
            if (
                Watch.Worker(worker) is { State: WorkerState.Busy } still
                && still.Job == busy.Job
                && !HasResult(worker, busy.Job!)
            )
            {
                Kill(still.ProcessId);
                await GoneAsync(still.ProcessId);

                // What it had published is routed by now; the same job's next worker needs longer than this.
                await Task.Delay(150);
                bool published = HasResult(worker, busy.Job!);
                (published ? After : Before).Add(busy.Job!);
                await BackAsync(worker, still.ProcessId);
                if (!published)
                {
                    return;
                }
            }
        }
    }

    /// <summary>kill -9 of a worker as soon as the broker has a result of it.</summary>
    internal async Task AfterAsync(string worker)
    {
        var killed = new TaskCompletionSource<(JobId Job, int Process)>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        Watch.OnResult = result =>
        {
            if (result.Worker == worker && !killed.Task.IsCompleted && Watch.Worker(worker) is { } status)
            {
                Kill(status.ProcessId);
                killed.TrySetResult((result.Job, status.ProcessId));
            }
        };
        var (job, process) = await killed.Task.WaitAsync(Until.Patience);
        Watch.OnResult = null;
        After.Add(job);
        await GoneAsync(process);
        await BackAsync(worker, process);
    }

    /// <summary>SIGSTOP of a worker in the middle of a job that gave no result yet.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="when">What must hold of its job beside that; nothing where null.</param>
    /// <returns>The worker as it was held.</returns>
    internal async Task<WorkerStatus> HoldAsync(string worker, Func<JobId, bool>? when = null)
    {
        while (true)
        {
            var busy = await BusyAsync(worker);
            await Task.Delay(_random.Next(100));
            await ProcessTree.SignalAsync(busy.ProcessId, "STOP");

            // What it had sent before is told by now.
            await Task.Delay(200);
            if (
                Watch.Worker(worker)!.Job == busy.Job
                && !HasResult(worker, busy.Job!)
                && when?.Invoke(busy.Job!) != false
            )
            {
                return busy;
            }

            await ProcessTree.SignalAsync(busy.ProcessId, "CONT");
        }
    }

    private Task<WorkerStatus> BusyAsync(string worker) =>
        Until.HasAsync(
            $"worker {worker} is at a job",
            () => Watch.Worker(worker) is { State: WorkerState.Busy, Job: not null } status ? status : null,
            cluster.Say
        );

    private static void Kill(int process)
    {
        using var victim = Process.GetProcessById(process);
        victim.Kill();
    }

    private static Task GoneAsync(int process) =>
        Until.HoldsAsync($"process {process} is gone", () => !ProcessTree.Living([process]).Any());

    private Task BackAsync(string worker, int former) =>
        Until.HoldsAsync(
            $"worker {worker} is there again",
            () => Watch.Worker(worker) is { } status && status.ProcessId != former,
            cluster.Say
        );

    private bool HasResult(string worker, JobId job) =>
        Watch.Results.Any(result => result.Worker == worker && result.Job == job);
}
