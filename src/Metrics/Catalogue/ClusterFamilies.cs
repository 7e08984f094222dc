using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families about a cluster as its host sees it. Without a cluster they have no samples.</summary>
internal sealed class ClusterFamilies(MetricRegistry registry)
{
    private static readonly string[] Member = ["role", "state"];
    private static readonly string[] Signal = ["signal"];
    private static readonly string[] Worker = ["worker", "device"];

    // From a connection that breaks under a job to a machine that vanished, and a cluster that has no other worker.
    private static readonly double[] ReassignmentSeconds = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 300];

    public MetricFamily<Gauge> Joined { get; } =
        registry.AddGauge("curvature_cluster_joined", "1 while this host takes part in its cluster, else 0.");

    public MetricFamily<Gauge> Members { get; } =
        registry.AddGauge(
            "curvature_cluster_members",
            "Other members of the cluster, by role (host, worker) and state (up, unreachable).",
            Member
        );

    public MetricFamily<Gauge> CertificateExpiry { get; } =
        registry.AddGauge(
            "curvature_cluster_certificate_expiry_timestamp_seconds",
            "When the certificate with which this host takes part in its cluster, or that of its authority before it, "
                + "is over, in Unix time.",
            unit: "seconds"
        );

    public MetricFamily<Gauge> WorkerUp { get; } =
        registry.AddGauge(
            "curvature_worker_up",
            "1 while a worker is in the cluster, 0 once it is lost; absent when it has been lost for long, or has "
                + "stopped in order.",
            Worker
        );

    public MetricFamily<Gauge> WorkerBusy { get; } =
        registry.AddGauge("curvature_worker_busy", "1 while a worker has a job, else 0.", Worker);

    public MetricFamily<Gauge> WorkerLastSeen { get; } =
        registry.AddGauge(
            "curvature_worker_last_seen_timestamp_seconds",
            "When a worker was last heard, in Unix time.",
            Worker,
            "seconds"
        );

    public MetricFamily<Gauge> AnswersKept { get; } =
        registry.AddGauge(
            "curvature_answers_kept",
            "Answers on the disks of workers that no host has taken yet, as the workers last reported."
        );

    public MetricFamily<Counter> Assignments { get; } =
        registry.AddCounter("curvature_assignments_total", "Jobs that were given to a worker, every attempt of them.");

    public MetricFamily<Counter> Losses { get; } =
        registry.AddCounter(
            "curvature_worker_losses_total",
            "Workers that were lost, by the signal that told it (disassociated, unreachable, removed).",
            Signal
        );

    public MetricFamily<Histogram> Reassignment { get; } =
        registry.AddHistogram(
            "curvature_reassignment_seconds",
            "Time from the loss of a worker to the start of its job elsewhere.",
            ReassignmentSeconds,
            unit: "seconds"
        );
}
