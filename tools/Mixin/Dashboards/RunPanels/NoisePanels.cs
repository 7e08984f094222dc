using static CurvatureMonitor.Mixin.Dashboards.RunPanels.PanelStyle;
using static CurvatureMonitor.Mixin.Dashboards.RunPanels.RunSelectors;

namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>Noise, batch size and damping, each beside what theory asks for.</summary>
internal sealed class NoisePanels(MixinConfiguration c)
{
    private string NoiseScale => c.Metric("curvature_gradient_noise_scale_samples", Run);

    private string NoiseScaleError => c.Metric("curvature_gradient_noise_scale_stderr_samples", Run);

    public (int, Panel)[] Build() =>
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
}
