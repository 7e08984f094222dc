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
            (
                12,
                Panel.TimeSeries(
                    "Sharpness by module",
                    "none",
                    "The largest eigenvalue of each module's own block, with its residual bound, where the analysis "
                        + "modules is measured. It is at most that of the whole; a module that comes near it is where "
                        + "the sharpness is made. Modules left out are those beyond the sixteen that a run has without "
                        + "patterns.",
                    new Query(c.Metric("curvature_module_lambda_max", Operator), "{{run}} {{module}}"),
                    new Query(c.Metric("curvature_module_lambda_max_residual", Operator), "{{run}} {{module}} bound"),
                    new Query(c.Metric("curvature_modules_left_out", Run), "{{run}} modules left out")
                )
            ),
            (
                12,
                Panel.TimeSeries(
                    "Trace by module",
                    "none",
                    "The trace of each module's block with its standard error: the sum of its eigenvalues.",
                    new Query(c.Metric("curvature_module_trace", Operator), "{{run}} {{module}}"),
                    new Query(c.Metric("curvature_module_trace_stderr", Operator), "{{run}} {{module}} error")
                )
            ),
        ];
}
