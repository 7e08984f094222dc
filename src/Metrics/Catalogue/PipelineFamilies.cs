using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families about the way from checkpoint to measurement, and its cost.</summary>
internal sealed class PipelineFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];

    // From a tiny model on a GPU to a large one on a CPU.
    private static readonly double[] JobSeconds =
    [
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
        120,
        300,
        600,
        1800,
        3600,
    ];

    public MetricFamily<Gauge> CheckpointTimestamp { get; } =
        registry.AddGauge(
            "curvature_checkpoint_timestamp_seconds",
            "When the last checkpoint was emitted, in Unix time.",
            Run,
            "seconds"
        );

    public MetricFamily<Counter> Emitted { get; } =
        registry.AddCounter("curvature_checkpoints_emitted_total", "Checkpoints that the trainer emitted.", Run);

    public MetricFamily<Counter> Dropped { get; } =
        registry.AddCounter(
            "curvature_checkpoints_dropped_total",
            "Checkpoints that were not measured, by reason.",
            ["run", "reason"]
        );

    public MetricFamily<Counter> Jobs { get; } =
        registry.AddCounter(
            "curvature_jobs_total",
            "Jobs that ended, by analysis and outcome.",
            ["run", "analysis", "outcome"]
        );

    public MetricFamily<Counter> JobFailures { get; } =
        registry.AddCounter(
            "curvature_job_failures_total",
            "Jobs that failed, by analysis and reason.",
            ["run", "analysis", "reason"]
        );

    public MetricFamily<Histogram> JobDuration { get; } =
        registry.AddHistogram(
            "curvature_job_duration_seconds",
            "Time that jobs took to compute.",
            JobSeconds,
            ["run", "analysis"],
            "seconds"
        );

    public MetricFamily<Counter> Products { get; } =
        registry.AddCounter(
            "curvature_products_total",
            "Curvature products: applications of an operator to a vector, the unit of cost.",
            ["run", "operator"]
        );

    public MetricFamily<Gauge> Overhead { get; } =
        registry.AddGauge("curvature_overhead_ratio", "Share of wall time that curvature takes.", Run, "ratio");
}
