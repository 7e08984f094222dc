using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of what follows for the optimiser.</summary>
internal sealed class AdviceFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];

    public MetricFamily<Gauge> DampingMinimum { get; } =
        registry.AddGauge(
            "curvature_damping_minimum",
            "Least damping of a second-order or adaptive step at which sampling noise does not raise the loss.",
            Run
        );

    public MetricFamily<Gauge> LearningRateMaximum { get; } =
        registry.AddGauge(
            "curvature_learning_rate_maximum",
            "Learning rate at which the predicted sharpness of a training batch reaches the stability limit.",
            Run
        );
}
