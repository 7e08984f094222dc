using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families that tell which checkpoint an analysis last measured.</summary>
internal sealed class AnalysisFamilies(MetricRegistry registry)
{
    private static readonly string[] ByAnalysis = ["run", "analysis"];

    public MetricFamily<Gauge> Step { get; } =
        registry.AddGauge(
            "curvature_analysis_step",
            "Step of the checkpoint that the values of this analysis describe.",
            ByAnalysis
        );

    public MetricFamily<Gauge> Timestamp { get; } =
        registry.AddGauge(
            "curvature_analysis_timestamp_seconds",
            "When this analysis last gave a result, in Unix time.",
            ByAnalysis,
            "seconds"
        );
}
