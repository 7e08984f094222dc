using Akka.Actor;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>A host and its workers, as a person looks at them.</summary>
/// <param name="Instance">The id of its data directory.</param>
/// <param name="Address">Its address in the cluster; null while it takes no part.</param>
/// <param name="Workers">The workers that it knows.</param>
/// <param name="Runs">Runs with jobs that are not answered.</param>
/// <param name="OpenJobs">Those jobs.</param>
/// <param name="OldestSeconds">Seconds since the oldest of them was offered; null where there is none.</param>
public sealed record HostStatus(
    string Instance,
    string? Address,
    IReadOnlyList<WorkerStatus> Workers,
    int Runs,
    int OpenJobs,
    double? OldestSeconds
) : INoSerializationVerificationNeeded;

/// <summary>A worker, as its last report has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">idle, busy or stopping.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="MemoryBytes">What a job may use there.</param>
/// <param name="Torch">The version of libtorch.</param>
/// <param name="Machine">The machine.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="JobsDone">Jobs since its start.</param>
/// <param name="AnswersKept">Answers on its disk that no host has taken.</param>
public sealed record WorkerStatus(
    string Name,
    string State,
    string Device,
    long MemoryBytes,
    string Torch,
    string Machine,
    int ProcessId,
    long JobsDone,
    int AnswersKept
)
{
    /// <summary>The job that it is at; null where none.</summary>
    public Contracts.Jobs.JobId? Job { get; init; }

    /// <summary>Seconds until the job's deadline.</summary>
    public double? SecondsLeft { get; init; }
}
