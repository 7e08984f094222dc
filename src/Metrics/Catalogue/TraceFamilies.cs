using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of traces and of the Frobenius norm.</summary>
internal sealed class TraceFamilies(MetricRegistry registry)
{
    private static readonly string[] ByOperator = ["run", "operator"];

    public MetricFamily<Gauge> Trace { get; } =
        registry.AddGauge(
            "curvature_trace",
            "Trace: from the trace analysis where the run has one, else from the spectrum.",
            ByOperator
        );

    public MetricFamily<Gauge> TraceError { get; } =
        registry.AddGauge("curvature_trace_stderr", "Standard error of the trace.", ByOperator);

    public MetricFamily<Gauge> Frobenius { get; } =
        registry.AddGauge(
            "curvature_frobenius_norm",
            "Frobenius norm: root of the sum of squared eigenvalues.",
            ByOperator
        );

    public MetricFamily<Gauge> FrobeniusError { get; } =
        registry.AddGauge("curvature_frobenius_norm_stderr", "Standard error of the Frobenius norm.", ByOperator);

    public MetricFamily<Gauge> LayerTrace { get; } =
        registry.AddGauge(
            "curvature_layer_trace",
            "Trace of the diagonal block of a parameter tensor; the first 100 tensors of a model.",
            ["run", "layer", "operator"]
        );
}
