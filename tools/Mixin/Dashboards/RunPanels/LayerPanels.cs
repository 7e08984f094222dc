using static CurvatureMonitor.Mixin.Dashboards.RunPanels.RunSelectors;

namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>Where in the model the curvature sits.</summary>
internal sealed class LayerPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                12,
                Panel.TimeSeries(
                    "Trace by layer",
                    "none",
                    "Which parameter tensors the curvature sits in. One that stands out may want a learning rate or a "
                        + "normalisation of its own.",
                    new Query(c.Metric("curvature_layer_trace", Operator + ",layer=~\"$layer\""), "{{run}} {{layer}}")
                )
            ),
            (
                12,
                Panel.BarGauge(
                    "Trace by layer, now",
                    "none",
                    "The last value of every parameter tensor's trace, the largest first. Compare runs: a layer whose "
                        + "share grows drives the sharpness.",
                    new Query(
                        $"sort_desc({c.Metric("curvature_layer_trace", Operator + ",layer=~\"$layer\"")})",
                        "{{run}} {{layer}}",
                        Instant: true
                    )
                )
            ),
        ];
}
