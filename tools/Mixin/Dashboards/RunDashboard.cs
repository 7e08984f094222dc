using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Dashboards.RunPanels;
using static CurvatureMonitor.Mixin.Dashboards.RunPanels.RunSelectors;

namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary><c>Curvature run</c>: one run, or a few beside each other.</summary>
internal sealed class RunDashboard(MixinConfiguration c)
{
    public const string Uid = "curvature-run";

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
            .Row("Now", 6, new SummaryPanels(c).Build())
            .Row("Sharpness and training", 9, new SharpnessPanels(c).Build())
            .Row("Spectrum", 9, new SpectrumPanels(c).Build())
            .Row("Noise, batch size, damping", 8, new NoisePanels(c).Build())
            .Row("Layers", 8, new LayerPanels(c).Build(), collapsed: true)
            .Row("Cost and lag", 8, new CostPanels(c).Build())
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
}
