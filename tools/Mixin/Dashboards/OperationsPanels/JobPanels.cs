namespace CurvatureMonitor.Mixin.Dashboards.OperationsPanels;

/// <summary>Jobs, their outcomes and their cost.</summary>
internal sealed class JobPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                8,
                Panel
                    .TimeSeries(
                        "Jobs by outcome",
                        "cpm",
                        "Jobs a minute over all runs. Failures that persist: the page's events and the monitor's log "
                            + "say why.",
                        new Query(
                            $"60 * sum by (analysis, outcome) "
                                + $"(rate({c.Metric("curvature_jobs_total")}[$__rate_interval]))",
                            "{{analysis}} {{outcome}}"
                        )
                    )
                    .Stacked()
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Job duration",
                        "s",
                        "Median and 95th percentile of the time a job takes, by analysis. When it grows, look at "
                            + "memory: kept graphs that no longer fit cost twice "
                            + "the time.",
                        new Query(
                            $"histogram_quantile(0.5, sum by (le, analysis) "
                                + $"(rate({c.Metric("curvature_job_duration_seconds_bucket")}[5m])))",
                            "{{analysis}} median"
                        ),
                        new Query(
                            $"histogram_quantile(0.95, sum by (le, analysis) "
                                + $"(rate({c.Metric("curvature_job_duration_seconds_bucket")}[5m])))",
                            "{{analysis}} 95 %"
                        )
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Failed jobs by reason",
                        "cpm",
                        "Failures a minute by reason. Out of memory: smaller micro-batch or larger budget. Unsupported "
                            + "operation: see docs/analyses.md. Not finite: "
                            + "the run has diverged.",
                        new Query(
                            $"60 * sum by (analysis, reason) "
                                + $"(rate({c.Metric("curvature_job_failures_total")}[$__rate_interval]))",
                            "{{analysis}} {{reason}}"
                        )
                    )
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Curvature products",
                        "ops",
                        "Applications of an operator a second, by run: who uses the machine.",
                        new Query(
                            $"sum by (run, operator) (rate({c.Metric("curvature_products_total")}[$__rate_interval]))",
                            "{{run}} {{operator}}"
                        )
                    )
                    .Stacked()
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Share of wall time that measuring takes",
                        "percentunit",
                        "Seconds of measuring a second, by run; several curvature actors add up to more than 1. "
                            + "--overhead-budget bounds it.",
                        new Query(c.Metric("curvature_overhead_ratio"), "{{run}}")
                    )
                    .Range(0)
            ),
        ];
}
