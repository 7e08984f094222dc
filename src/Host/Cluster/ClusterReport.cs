using System.Text.Json.Serialization;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>What is seen of a cluster.</summary>
/// <param name="Broker">The broker, without credentials.</param>
/// <param name="Workers">The workers that answered.</param>
/// <param name="Hosts">The hosts that answered.</param>
/// <param name="Queues">The queues, those of the hosts that answered among them.</param>
/// <param name="DeadLetters">Messages that were given up and are kept for somebody to look at; null where there was no
/// host or worker yet.</param>
internal sealed record ClusterReport(
    string Broker,
    IReadOnlyList<ClusterReport.Worker> Workers,
    IReadOnlyList<ClusterReport.Host> Hosts,
    IReadOnlyList<ClusterReport.Queue> Queues,
    long? DeadLetters
)
{
    /// <summary>A worker.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="State">idle, busy or stopping.</param>
    /// <param name="Device">Where it computes.</param>
    /// <param name="MemoryBytes">What a job may use there.</param>
    /// <param name="Libtorch">Its version of libtorch.</param>
    /// <param name="Machine">Its machine.</param>
    /// <param name="ProcessId">Its process.</param>
    /// <param name="JobsDone">Jobs since its start.</param>
    internal sealed record Worker(
        string Name,
        string State,
        string Device,
        long MemoryBytes,
        string Libtorch,
        string Machine,
        int ProcessId,
        long JobsDone
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
    /// <param name="Machine">Its machine.</param>
    /// <param name="ProcessId">Its process.</param>
    /// <param name="Runs">Runs with jobs that are not answered yet.</param>
    /// <param name="OpenJobs">Those jobs.</param>
    /// <param name="LagSeconds">Seconds since the oldest of them was sent; null where none is.</param>
    internal sealed record Host(
        string Instance,
        string Machine,
        int ProcessId,
        int Runs,
        int OpenJobs,
        double? LagSeconds
    );

    /// <summary>A queue.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Ready">Messages that wait.</param>
    /// <param name="Consumers">Who consumes from it.</param>
    internal sealed record Queue(string Name, long Ready, long Consumers);
}

/// <summary>The JSON of the report: snake_case names, nothing for what is unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ClusterReport))]
internal sealed partial class ClusterJson : JsonSerializerContext;
