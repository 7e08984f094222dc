using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Host.Commands;

/// <summary>What the options of <c>worker</c> come to.</summary>
internal sealed class WorkerSettings
{
    private readonly ComputeOptions _compute;
    private readonly WorkerCommandOptions _worker;

    /// <summary>Reads them; libtorch is not needed yet.</summary>
    /// <exception cref="UserErrorException">A setting is wrong.</exception>
    internal WorkerSettings(BoundOptions options)
    {
        _compute = options.Get<ComputeOptions>();
        _worker = options.Get<WorkerCommandOptions>();
        Node = options.Get<ClusterOptions>().Worker(options);
        Cache = _worker.Cache(options.Get<AccessOptions>().ReadToken());
    }

    /// <summary>How it takes part in the cluster.</summary>
    internal NodeOptions Node { get; }

    /// <summary>Where files of jobs are kept.</summary>
    internal ClaimCacheOptions Cache { get; }

    /// <summary>The worker's name.</summary>
    internal string Name => _worker.NameOrDefault;

    /// <summary>Threads an operation of libtorch.</summary>
    internal int Threads => _compute.ThreadsAlone;

    /// <summary>What jobs are done with.</summary>
    /// <exception cref="DerivativeException">The device is not here.</exception>
    internal WorkerNodeOptions Worker() =>
        new()
        {
            Node = Node,
            AnswersDirectory = Path.Combine(Cache.Directory, "answers"),
            Name = Name,
            Device = _compute.ParseDevice(),
            MemoryBudgetBytes = _compute.MemoryBudgetBytes,
            JobTimeout = TimeSpan.FromSeconds(_worker.JobTimeout),
        };
}
