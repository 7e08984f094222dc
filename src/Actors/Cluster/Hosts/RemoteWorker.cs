using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Messages;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>A worker that is a member of the cluster.</summary>
/// <param name="Gate">The actor to which its messages are sent.</param>
/// <param name="Proxy">Stands for it before the board.</param>
internal sealed record RemoteWorker(IActorRef Gate, IActorRef Proxy)
{
    /// <summary>Its last report, with what is known of it since; null before the first.</summary>
    public WorkerReport? Report { get; set; }

    /// <summary>When it was last heard.</summary>
    public DateTimeOffset LastSeen { get; set; }

    /// <summary>What it has; null before the first report.</summary>
    public WorkerAbilities? Abilities =>
        Report is { } report ? new WorkerAbilities(report.Device, report.MemoryBytes) : null;

    /// <summary>As a person looks at it.</summary>
    public static WorkerStatus StatusOf(WorkerReport report) =>
        new(
            report.Worker,
            report.State.ToString().ToLowerInvariant(),
            report.Device,
            report.MemoryBytes,
            report.Torch,
            report.Machine,
            report.ProcessId,
            report.JobsDone,
            report.AnswersKept
        )
        {
            Job = report.Job,
            SecondsLeft = report.SecondsLeft,
        };
}
