using static CurvatureMonitor.Mixin.Dashboards.RunPanels.PanelStyle;
using static CurvatureMonitor.Mixin.Dashboards.RunPanels.RunSelectors;

namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>Sharpness beside its limit, loss and learning rate.</summary>
internal sealed class SharpnessPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                12,
                Panel
                    .TimeSeries(
                        "Top eigenvalues and stability limit",
                        "none",
                        "The largest eigenvalues of the chosen operator, on a log axis, and the sharpness that the "
                            + "optimiser bears (dashed). The largest one at the "
                            + "line is the edge of "
                            + "stability; above the line the run oscillates or diverges unless it turns back within "
                            + "steps. Only eigenvalues with a residual of at most a "
                            + "tenth are shown.",
                        new Query(c.Metric("curvature_eigenvalue", Operator), "{{run}} λ{{rank}}"),
                        new Query(c.Metric("curvature_stability_limit", Run), "{{run}} limit ({{kind}})")
                    )
                    .LogScale()
                    .OverrideQuery("B", Dashed("red"))
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Stability ratio with its interval",
                        "none",
                        "Sharpness / limit with the interval that the residual bound gives. Trust what the whole band "
                            + "says: act when its lower end is above 1.2. "
                            + "A band that is wide means an unreliable estimate: take more Lanczos steps. The band is "
                            + "drawn where one run is chosen.",
                        new Query(c.Metric("curvature_stability_ratio", Run), "{{run}} {{kind}}"),
                        new Query(Alone(c.Metric("curvature_stability_ratio_low", Run), "kind"), "{{kind}} low"),
                        new Query(Alone(c.Metric("curvature_stability_ratio_high", Run), "kind"), "{{kind}} high")
                    )
                    .ThresholdLines(
                        new Threshold("transparent"),
                        new Threshold("orange", 1),
                        new Threshold("red", c.Dashboards.Number("unstable"))
                    )
                    .OverrideQuery("B", Edge())
                    .OverrideQuery("C", Edge())
                    .Band("full low", "full high")
                    .Band("batch low", "batch high")
                    .Band("preconditioned low", "preconditioned high")
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Loss and learning rate",
                        "none",
                        "Training loss (left) and learning rate (right), as the trainer reports them. A loss that "
                            + "jumps right after the ratio passed 1 was told in "
                            + "advance above.",
                        new Query(c.Metric("curvature_training_loss", Run), "{{run}} loss"),
                        new Query(c.Metric("curvature_training_learning_rate", Run), "{{run}} learning rate")
                    )
                    .OverrideQuery("B", ("custom.axisPlacement", "right"), ("custom.lineStyle", Dashes()))
            ),
            (
                12,
                Panel.TimeSeries(
                    "Ends of the spectrum",
                    "none",
                    "Largest and smallest eigenvalue of the chosen operator with their residual bounds, the error "
                        + "bars. The sharpness is the largest; a smallest "
                        + "one that is clearly "
                        + "negative tells of a direction downhill that the gradient does not see yet.",
                    new Query(c.Metric("curvature_lambda_max", Operator), "{{run}} λ max"),
                    new Query(c.Metric("curvature_lambda_min", Operator), "{{run}} λ min"),
                    new Query(c.Metric("curvature_lambda_max_residual", Operator), "{{run}} λ max residual"),
                    new Query(c.Metric("curvature_lambda_min_residual", Operator), "{{run}} λ min residual")
                )
            ),
        ];
}
