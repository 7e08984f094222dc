using CurvatureMonitor.Mixin.Rules;
using static CurvatureMonitor.Mixin.Dashboards.RunPanels.RunSelectors;

namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>Where a run stands now.</summary>
internal sealed class SummaryPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                6,
                Panel
                    .Gauge(
                        "Stability ratio",
                        "none",
                        "Sharpness divided by the limit at which this run's optimiser becomes unstable. 1 is the edge "
                            + "of stability: below it steps along the "
                            + "sharpest direction "
                            + "shrink, above it they grow. Above 1.2: lower the learning rate or roll back. Far below "
                            + "0.5: there is room for a higher one.",
                        new Query(c.Metric("curvature_stability_ratio", Run), "{{run}} {{kind}}")
                    )
                    .Thresholds(RunDashboard.Bands(c.Dashboards))
                    .Range(0, 2)
            ),
            (
                4,
                Panel
                    .Stat(
                        "State",
                        "short",
                        "Where the run stands. Stale: the trainer has gone silent; see whether its process lives. "
                            + "Failed: see its log and the loss before the end. Diverged: loss or parameters are not "
                            + "finite.",
                        new Query(c.Metric("curvature_run_state", Run) + " == 1", "{{run}}: {{state}}")
                    )
                    .Option("textMode", "name")
            ),
            (
                4,
                Panel.Stat(
                    "Learning rate",
                    "none",
                    "Learning rate of the last reported step. The limit falls as it rises: for gradient descent the "
                        + "limit is 2 / learning rate.",
                    new Query(c.Metric("curvature_training_learning_rate", Run), "{{run}}")
                )
            ),
            (
                4,
                Panel.Stat(
                    "Step",
                    "none",
                    "Optimiser steps done. When it stands still while the state says running, the trainer hangs or "
                        + "does not reach the monitor.",
                    new Query(c.Metric("curvature_training_step", Run), "{{run}}")
                )
            ),
            (
                6,
                Panel.Stat(
                    "Lag",
                    "none",
                    "Steps between the checkpoint that the values describe and the trainer's present step. What you "
                        + "see is that old. When it keeps growing, "
                        + "measure less "
                        + "(fewer Lanczos steps, smaller probe set) or add workers.",
                    new Query($"{RecordingRules.LagSteps}{{{Run}}}", "{{run}} {{operator}}")
                )
            ),
        ];
}
