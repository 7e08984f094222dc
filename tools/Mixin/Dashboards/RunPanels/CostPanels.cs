using CurvatureMonitor.Mixin.Rules;
using static CurvatureMonitor.Mixin.Dashboards.RunPanels.RunSelectors;

namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>What measuring costs and how far it lags.</summary>
internal sealed class CostPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                8,
                Panel
                    .TimeSeries(
                        "Share of wall time that measuring takes",
                        "percentunit",
                        "Seconds of measuring a second of wall time. The overhead budget (--overhead-budget) bounds "
                            + "it.",
                        new Query(c.Metric("curvature_overhead_ratio", Run), "{{run}}")
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Lag",
                        "none",
                        "Steps between what is shown and where the trainer is. A saw tooth is normal; a slope that "
                            + "keeps rising means that measuring cannot keep up.",
                        new Query($"{RecordingRules.LagSteps}{{{Run}}}", "{{run}} {{operator}}")
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Curvature products",
                        "ops",
                        "Applications of an operator to a vector a second: the unit of cost. It tells what a change of "
                            + "settings costs.",
                        new Query(
                            $"rate({c.Metric("curvature_products_total", Run)}[$__rate_interval])",
                            "{{run}} {{operator}}"
                        )
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Checkpoints",
                        "cpm",
                        "Checkpoints a minute: emitted, and dropped by reason. Superseded ones are normal: the newest "
                            + "wins. Rejected, missing or poison ones are "
                            + "not: see the run's events.",
                        new Query(
                            $"60 * rate({c.Metric("curvature_checkpoints_emitted_total", Run)}[$__rate_interval])",
                            "{{run}} emitted"
                        ),
                        new Query(
                            $"60 * rate({c.Metric("curvature_checkpoints_dropped_total", Run)}[$__rate_interval])",
                            "{{run}} {{reason}}"
                        )
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Seconds a job",
                        "s",
                        "Mean time of a job by analysis. It should be well below the time between the checkpoints that "
                            + "you want measured.",
                        new Query($"{RecordingRules.JobSeconds}{{{Run}}}", "{{run}} {{analysis}}")
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Jobs by outcome",
                        "cpm",
                        "Jobs a minute by analysis and outcome. Failed ones: the run's events say why (out of memory, "
                            + "unsupported operation, not finite).",
                        new Query(
                            $"60 * sum by (run, analysis, outcome) "
                                + $"(rate({c.Metric("curvature_jobs_total", Run)}[$__rate_interval]))",
                            "{{run}} {{analysis}} {{outcome}}"
                        )
                    )
                    .Range(0)
            ),
        ];
}
