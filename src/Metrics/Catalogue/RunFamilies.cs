using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families about the run itself.</summary>
internal sealed class RunFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];

    public MetricFamily<Info> Info { get; } =
        registry.AddInfo(
            "curvature_run_info",
            "What the run trains.",
            ["run", "model", "optimizer", "dataset", "revision"]
        );

    public MetricFamily<Info> Objective { get; } =
        registry.AddInfo(
            "curvature_objective_info",
            "What the curvature of the run is measured of: the loss with its options, what batch norm normalises with, "
                + "the parameters, and what is done with casts to types of less precision.",
            ["run", "loss", "batch_norm", "parameters", "autocast"]
        );

    public MetricFamily<Gauge> State { get; } =
        registry.AddGauge(
            "curvature_run_state",
            "1 for the present state of the run (running, finished, failed, stale, diverged), 0 for the others.",
            ["run", "state"]
        );

    public MetricFamily<Gauge> Start { get; } =
        registry.AddGauge("curvature_run_start_timestamp_seconds", "When the run began, in Unix time.", Run, "seconds");

    public MetricFamily<Gauge> End { get; } =
        registry.AddGauge(
            "curvature_run_end_timestamp_seconds",
            "When the run finished or failed, in Unix time; absent before.",
            Run,
            "seconds"
        );

    public MetricFamily<Gauge> Degraded { get; } =
        registry.AddGauge(
            "curvature_run_degraded",
            "1 once a checkpoint of the run broke, or held beyond its time, every worker that began it, 0 before.",
            Run
        );

    public MetricFamily<Gauge> Branch { get; } =
        registry.AddGauge(
            "curvature_run_branch",
            "How often the training was begun from a step that it had passed, and 1 for the first time.",
            Run
        );
}
