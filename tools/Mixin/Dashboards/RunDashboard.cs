using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Rules;

namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary><c>Curvature run</c>: one run, or a few beside each other.</summary>
internal sealed class RunDashboard(MixinConfiguration c)
{
    public const string Uid = "curvature-run";

    private const string Run = "run=~\"$run\"";
    private const string Operator = Run + ",operator=\"$operator\"";

    private readonly MixinSettings _bands = c.Dashboards;

    public JsonObject Build() =>
        new Dashboard(
            c,
            Uid,
            "Curvature run",
            "Sharpness, spectrum and noise of a training, each beside the limit that matters."
        )
            .Variable("run", "Run", c.Metric("curvature_run_info"), multiple: true)
            .Variable("operator", "Operator", c.Metric("curvature_lambda_max", Run), multiple: false, "hessian")
            .Variable("layer", "Layer", c.Metric("curvature_layer_trace", Run), multiple: true)
            .Annotation(
                "Alerts",
                "red",
                $"ALERTS{{alertname=~\"Curvature.*\",alertstate=\"firing\",{Run}}}",
                "{{alertname}}",
                "{{run}} {{severity}}"
            )
            .Annotation("Learning rate changes", "blue", LearningRateChanges(), "learning rate changed", "{{run}}")
            .Row("Now", 6, Now())
            .Row("Sharpness and training", 9, Sharpness())
            .Row("Spectrum", 9, Spectrum())
            .Row("Noise, batch size, damping", 8, Noise())
            .Row("Layers", 8, Layers(), collapsed: true)
            .Row("Cost and lag", 8, Cost())
            .Build();

    /// <summary>The colours of the ratio: calm, room left, edge, unstable.</summary>
    public static Threshold[] Bands(MixinSettings settings) =>
        [
            new("blue"),
            new("green", settings.Number("calm")),
            new("orange", settings.Number("edge")),
            new("red", settings.Number("unstable")),
        ];

    private string LearningRateChanges()
    {
        var rate = c.Metric("curvature_training_learning_rate", Run);
        return $"abs({rate} / {rate} offset 30s - 1) > {_bands["learningRateJump"]}";
    }

    private (int, Panel)[] Now() =>
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
                    .Thresholds(Bands(_bands))
                    .Range(0, 2)
            ),
            (
                4,
                Panel
                    .Stat(
                        "State",
                        "short",
                        "Where the run stands. Stale: the trainer has gone silent; see whether its process lives. "
                            + "Failed: see its log and the loss before the end.",
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

    private (int, Panel)[] Sharpness() =>
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
                        new Threshold("red", _bands.Number("unstable"))
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

    private (int, Panel)[] Spectrum() =>
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

    private string NoiseScale => c.Metric("curvature_gradient_noise_scale_samples", Run);

    private string NoiseScaleError => c.Metric("curvature_gradient_noise_scale_stderr_samples", Run);

    private (int, Panel)[] Noise() =>
        [
            (
                8,
                Panel
                    .TimeSeries(
                        "Gradient noise scale beside batch size",
                        "none",
                        "The noise scale is the batch size at which noise and signal of a gradient are equal. A batch "
                            + "far above it wastes samples; far below it, "
                            + "steps are mostly noise. It grows in training, so batches may grow with it. The band is "
                            + "one standard error on both sides, drawn where one run is "
                            + "chosen; a wide one asks for a larger probe set.",
                        new Query(NoiseScale, "{{run}} noise scale"),
                        new Query(c.Metric("curvature_training_batch_size", Run), "{{run}} batch size"),
                        new Query(Alone($"{NoiseScale} - {NoiseScaleError}", "job"), "low"),
                        new Query(Alone($"{NoiseScale} + {NoiseScaleError}", "job"), "high")
                    )
                    .LogScale()
                    .OverrideQuery("B", Dashed("text"))
                    .OverrideQuery("C", Edge())
                    .OverrideQuery("D", Edge())
                    .Band("low", "high")
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Variance of gradient and Hessian",
                        "none",
                        "How much gradients and Hessians differ between samples, over all entries and along the top "
                            + "eigenvector. When the Hessian's rises, batches "
                            + "see sharper directions than the whole data: "
                            + "raise the batch size or lower the learning rate.",
                        new Query(c.Metric("curvature_gradient_variance", Run), "{{run}} gradient"),
                        new Query(
                            c.Metric("curvature_hessian_variance", Operator),
                            "{{run}} {{operator}} {{direction}}"
                        )
                    )
                    .LogScale()
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Damping beside its minimum",
                        "none",
                        "The optimiser's damping and the least that sampling noise asks for. Damping below the minimum "
                            + "lets noise drive the flat directions: raise "
                            + "it, or the batch size. Adam's usual epsilon of 1e-8 only guards a division and is no "
                            + "damping in this sense; nothing is alerted about it.",
                        new Query(c.Metric("curvature_training_damping", Run), "{{run}} damping"),
                        new Query(c.Metric("curvature_damping_minimum", Run), "{{run}} minimum")
                    )
                    .LogScale()
                    .OverrideQuery("B", Dashed("red"))
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Learning rate beside its maximum",
                        "none",
                        "The learning rate and the one at which the predicted sharpness of a training batch reaches "
                            + "the stability limit. Stay below the dashed line.",
                        new Query(c.Metric("curvature_training_learning_rate", Run), "{{run}} learning rate"),
                        new Query(c.Metric("curvature_learning_rate_maximum", Run), "{{run}} maximum")
                    )
                    .LogScale()
                    .OverrideQuery("B", Dashed("red"))
            ),
            (
                8,
                Panel.TimeSeries(
                    "Sharpness of batches",
                    "none",
                    "Measured batch sharpness, and the sharpness that random matrix theory predicts for batches of "
                        + "some sizes. It is what small-batch training "
                        + "feels: compare it, not the full sharpness, with the limit.",
                    new Query(c.Metric("curvature_batch_sharpness", Run), "{{run}} measured"),
                    new Query(
                        c.Metric("curvature_predicted_batch_lambda_max", Operator),
                        "{{run}} predicted, batch of {{batch_size}}"
                    ),
                    new Query(c.Metric("curvature_lambda_max", Operator), "{{run}} whole probe set")
                )
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Norm of the gradient",
                        "none",
                        "Norm of the gradient on the probe set, and of the last training batch where the trainer tells "
                            + "it. The second one far above the first: "
                            + "batches are mostly noise. "
                            + "A norm that grows while the loss falls is usual; one that jumps with the stability "
                            + "ratio is not.",
                        new Query(c.Metric("curvature_probe_gradient_norm", Run), "{{run}} probe set"),
                        new Query(c.Metric("curvature_gradient_norm", Run), "{{run}} training batch")
                    )
                    .LogScale()
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Eigenvectors",
                        "percentunit",
                        "Squared overlap of each top eigenvector with that of the checkpoint tracked before, the same "
                            + "for the top eigenspace, and the share of the "
                            + "gradient that lies in it. "
                            + "An overlap near 0 twice: the sharp directions are others now; measure more often, or "
                            + "look for a change of data or learning rate.",
                        new Query(c.Metric("curvature_eigenvector_overlap", Operator), "{{run}} eigenvector {{rank}}"),
                        new Query(c.Metric("curvature_subspace_overlap_ratio", Operator), "{{run}} eigenspace"),
                        new Query(
                            c.Metric("curvature_gradient_alignment_ratio", Operator),
                            "{{run}} gradient in eigenspace"
                        )
                    )
                    .Range(0, 1)
            ),
        ];

    private (int, Panel)[] Layers() =>
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

    private (int, Panel)[] Cost() =>
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

    private static (string, JsonNode)[] Dashed(string color) =>
        [
            ("custom.lineStyle", Dashes()),
            ("custom.lineWidth", 2),
            ("color", new JsonObject { ["mode"] = "fixed", ["fixedColor"] = color }),
        ];

    // An end of a band: no line, and no room in the legend.
    private static (string, JsonNode)[] Edge() => [("custom.lineWidth", 0), ("custom.hideFrom", Hidden())];

    // Grafana fills between two series by their names, so there must be one of each: none where several runs are
    // chosen.
    private static string Alone(string expression, string label) =>
        $"({expression}) and on ({label}) count by ({label}) ({expression}) == 1";

    private static JsonObject Hidden() =>
        new()
        {
            ["legend"] = true,
            ["tooltip"] = false,
            ["viz"] = false,
        };

    private static JsonObject Dashes() => new() { ["dash"] = new JsonArray(10, 10), ["fill"] = "dash" };
}
