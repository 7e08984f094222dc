using System.Diagnostics;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>
/// Kills workers at moments that it can prove: while they are at a job that is not answered, and after they answered.
/// </summary>
internal sealed class Killer(ProcessCluster cluster, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The workers that were killed while they were at a job.</summary>
    internal int Before { get; private set; }

    /// <summary>The workers that were killed when they had just answered.</summary>
    internal int After { get; private set; }

    private ClusterWatch Watch => cluster.Watch;

    internal string Choose() => ProcessCluster.WorkerNames[_random.Next(ProcessCluster.WorkerNames.Count)];

    /// <summary>kill -9 of a worker in the middle of a job.</summary>
    internal async Task BeforeAsync(string worker)
    {
        while (true)
        {
            var busy = await BusyAsync(worker);
            await Task.Delay(_random.Next(150));
            if (Watch.Worker(worker) is { Job: { } job } still && job == busy.Job && still.JobsDone == busy.JobsDone)
            {
                await KillAsync(still);
                Before++;
                return;
            }
        }
    }

    /// <summary>kill -9 of a worker as soon as its host shows that it has answered.</summary>
    internal async Task AfterAsync(string worker)
    {
        var busy = await BusyAsync(worker);
        var done = await Until.HasAsync(
            $"worker {worker} answers",
            () => Watch.Worker(worker) is { } status && status.JobsDone > busy.JobsDone ? status : null,
            cluster.Say
        );
        await KillAsync(done);
        After++;
    }

    /// <summary>SIGSTOP of a worker in the middle of a job.</summary>
    /// <returns>The worker as it was held.</returns>
    internal async Task<ClusterWatch.SeenWorker> HoldAsync(string worker)
    {
        var busy = await BusyAsync(worker);
        await ProcessTree.SignalAsync(busy.ProcessId, "STOP");
        return busy;
    }

    /// <summary>Waits until the host has given a worker up.</summary>
    internal Task LostAsync(string worker) =>
        Until.HoldsAsync($"the host has lost {worker}", () => Watch.Worker(worker) is null, cluster.Say);

    /// <summary>Waits until the cluster has removed whom it does not reach: it cannot come back then.</summary>
    internal Task RemovedAsync() => Until.HoldsAsync(async () => !await Watch.MissesWorkerAsync());

    /// <summary>Waits until another process has taken the place of a worker.</summary>
    internal Task BackAsync(ClusterWatch.SeenWorker former) =>
        Until.HoldsAsync(
            $"worker {former.Name} is there again",
            () => Watch.Worker(former.Name) is { } status && status.ProcessId != former.ProcessId,
            cluster.Say
        );

    private Task<ClusterWatch.SeenWorker> BusyAsync(string worker) =>
        Until.HasAsync(
            $"worker {worker} is at a job",
            () => Watch.Worker(worker) is { Job: not null } status ? status : null,
            cluster.Say
        );

    private async Task KillAsync(ClusterWatch.SeenWorker worker)
    {
        using (var victim = Process.GetProcessById(worker.ProcessId))
        {
            victim.Kill();
        }

        await BackAsync(worker);
    }
}
