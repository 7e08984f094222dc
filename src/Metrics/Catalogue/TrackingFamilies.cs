using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of how eigenvectors turn.</summary>
internal sealed class TrackingFamilies(MetricRegistry registry)
{
    private static readonly string[] ByOperator = ["run", "operator"];

    public MetricFamily<Gauge> Overlap { get; } =
        registry.AddGauge(
            "curvature_eigenvector_overlap",
            "Squared cosine between the eigenvector of this rank and that of the checkpoint tracked before.",
            ["run", "operator", "rank"]
        );

    public MetricFamily<Gauge> SubspaceOverlap { get; } =
        registry.AddGauge(
            "curvature_subspace_overlap_ratio",
            "Overlap of the top eigenspace with that of the checkpoint tracked before; 1 where one contains the other.",
            ByOperator,
            "ratio"
        );

    public MetricFamily<Gauge> GradientAlignment { get; } =
        registry.AddGauge(
            "curvature_gradient_alignment_ratio",
            "Share of the squared gradient that lies in the top eigenspace.",
            ByOperator,
            "ratio"
        );
}
