using static CurvatureMonitor.Mixin.Dashboards.RunPanels.PanelStyle;
using static CurvatureMonitor.Mixin.Dashboards.RunPanels.RunSelectors;

namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>The spectrum and its shape over time.</summary>
internal sealed class SpectrumPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                12,
                Panel.Heatmap(
                    "Spectrum over time",
                    "How many of the eigenvalues lie in each range; the axis is symmetric and logarithmic, 0 in the "
                        + "middle. A thin line far above the bulk is an "
                        + "outlier: a direction of "
                        + "its own. A bulk that widens means noisier curvature. Choose one run; with several, their "
                        + "counts are added.",
                    new Query(
                        $"sum by (le) ({c.Metric("curvature_eigenvalues_bucket", Operator)})",
                        "{{le}}",
                        "heatmap"
                    )
                )
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Trace",
                        "none",
                        "Sum of all eigenvalues, the mean curvature times the number of parameters, with one standard "
                            + "error on both sides. When it rises while the "
                            + "sharpness does not, the bulk gets sharper. The band is drawn where one run is chosen.",
                        new Query(c.Metric("curvature_trace", Operator), "{{run}} trace"),
                        new Query(
                            Alone(
                                $"{c.Metric("curvature_trace", Operator)} - "
                                    + $"{c.Metric("curvature_trace_stderr", Operator)}",
                                "operator"
                            ),
                            "low"
                        ),
                        new Query(
                            Alone(
                                $"{c.Metric("curvature_trace", Operator)} + "
                                    + $"{c.Metric("curvature_trace_stderr", Operator)}",
                                "operator"
                            ),
                            "high"
                        )
                    )
                    .OverrideQuery("B", Edge())
                    .OverrideQuery("C", Edge())
                    .Band("low", "high")
            ),
            (
                8,
                Panel.TimeSeries(
                    "Negative mass",
                    "percentunit",
                    "Mass: the share of the sum of |eigenvalue| that negative ones make up. Eigenvalues: their share "
                        + "of the count, which jumps with those next to zero. "
                        + "Mass falls as training settles. Much of it on a loss that stands still means a saddle: "
                        + "patience or more noise helps, a lower learning rate does not.",
                    new Query(c.Metric("curvature_negative_mass_ratio", Operator), "{{run}} mass"),
                    new Query(c.Metric("curvature_negative_eigenvalues_ratio", Operator), "{{run}} eigenvalues")
                )
            ),
            (
                8,
                Panel.TimeSeries(
                    "Effective rank and outliers",
                    "none",
                    "Directions that carry curvature (participation ratio), and eigenvalues apart from the bulk. "
                        + "Classifiers have about as many outliers as "
                        + "classes. Nothing to do by itself; "
                        + "a sudden change tells that the run went elsewhere.",
                    new Query(c.Metric("curvature_effective_rank", Operator), "{{run}} effective rank"),
                    new Query(c.Metric("curvature_outliers", Operator), "{{run}} outliers")
                )
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Frobenius norm and null space",
                        "none",
                        "Root of the sum of squared eigenvalues (left) with its standard error, and the share of "
                            + "eigenvalues next to zero (right). A growing null "
                            + "space: parameters that do not matter any more.",
                        new Query(c.Metric("curvature_frobenius_norm", Operator), "{{run}} Frobenius norm"),
                        new Query(c.Metric("curvature_frobenius_norm_stderr", Operator), "{{run}} standard error"),
                        new Query(c.Metric("curvature_degenerate_eigenvalues_ratio", Operator), "{{run}} degenerate")
                    )
                    .OverrideQuery("C", ("custom.axisPlacement", "right"), ("unit", "percentunit"))
            ),
        ];
}
