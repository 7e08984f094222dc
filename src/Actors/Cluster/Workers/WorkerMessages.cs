using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>The worker has a node: a member as soon as a host is reached.</summary>
internal sealed record NodeBegan(ClusterNode Node) : INoSerializationVerificationNeeded;

/// <summary>The files of a job are here.</summary>
internal sealed record FilesCame(WorkerJob Job, RunProbe Probe, Checkpoint Checkpoint)
    : INoSerializationVerificationNeeded;

/// <summary>The files of a job cannot be had.</summary>
internal sealed record FilesFailed(WorkerJob Job, Exception Exception) : INoSerializationVerificationNeeded;

/// <summary>It is time to report, and to send again what was not taken.</summary>
internal sealed record ReportDue : INoSerializationVerificationNeeded
{
    public static ReportDue Instance { get; } = new();
}

/// <summary>Take no more jobs, and end after the one at hand.</summary>
internal sealed record StopWorker : INoSerializationVerificationNeeded
{
    public static StopWorker Instance { get; } = new();
}

/// <summary>End without the job at hand: another worker does it.</summary>
internal sealed record GiveUpJob : INoSerializationVerificationNeeded
{
    public static GiveUpJob Instance { get; } = new();
}
