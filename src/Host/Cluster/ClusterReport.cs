using System.Text.Json.Serialization;
using CurvatureMonitor.Actors.Cluster.Hosts;
using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>What a host says of its cluster: <c>GET /api/cluster</c>.</summary>
/// <param name="Workers">The workers that it knows.</param>
/// <param name="Hosts">The host itself.</param>
internal sealed record ClusterReport(
    IReadOnlyList<ClusterReport.Worker> Workers,
    IReadOnlyList<ClusterReport.Host> Hosts
)
{
    /// <summary>The report of a host.</summary>
    internal static ClusterReport Of(HostStatus status) =>
        new(
            [
                .. status.Workers.Select(worker => new Worker(
                    worker.Name,
                    worker.State,
                    worker.Device,
                    worker.MemoryBytes,
                    worker.Torch,
                    worker.Machine,
                    worker.ProcessId,
                    worker.JobsDone,
                    worker.AnswersKept
                )
                {
                    Run = worker.Job?.Run,
                    Step = worker.Job?.Step,
                    Analysis = worker.Job?.Analysis.Label(),
                    SecondsLeft = worker.SecondsLeft,
                }),
            ],
            [
                new Host(
                    status.Instance,
                    status.Address,
                    Environment.MachineName,
                    Environment.ProcessId,
                    status.Runs,
                    status.OpenJobs,
                    status.OldestSeconds
                ),
            ]
        );

    /// <summary>A worker.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="State">idle, busy or stopping.</param>
    /// <param name="Device">Where it computes.</param>
    /// <param name="MemoryBytes">What a job may use there.</param>
    /// <param name="Libtorch">Its version of libtorch.</param>
    /// <param name="Machine">Its machine.</param>
    /// <param name="ProcessId">Its process.</param>
    /// <param name="JobsDone">Jobs since its start.</param>
    /// <param name="AnswersKept">Answers on its disk that no host has taken.</param>
    internal sealed record Worker(
        string Name,
        string State,
        string Device,
        long MemoryBytes,
        string Libtorch,
        string Machine,
        int ProcessId,
        long JobsDone,
        int AnswersKept
    )
    {
        /// <summary>The run of the job at hand; null where there is none.</summary>
        public string? Run { get; init; }

        /// <summary>The step of its checkpoint.</summary>
        public long? Step { get; init; }

        /// <summary>Its analysis.</summary>
        public string? Analysis { get; init; }

        /// <summary>Seconds until its deadline.</summary>
        public double? SecondsLeft { get; init; }
    }

    /// <summary>A host.</summary>
    /// <param name="Instance">The id of its data directory.</param>
    /// <param name="Address">Its address in the cluster; null while it takes no part.</param>
    /// <param name="Machine">Its machine.</param>
    /// <param name="ProcessId">Its process.</param>
    /// <param name="Runs">Runs with jobs that are not answered yet.</param>
    /// <param name="OpenJobs">Those jobs.</param>
    /// <param name="LagSeconds">Seconds since the oldest of them was offered; null where there is none.</param>
    internal sealed record Host(
        string Instance,
        string? Address,
        string Machine,
        int ProcessId,
        int Runs,
        int OpenJobs,
        double? LagSeconds
    );
}

/// <summary>The JSON of the report: snake_case names, nothing for what is unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ClusterReport))]
internal sealed partial class ClusterJson : JsonSerializerContext;
