using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of the diagonal blocks of modules.</summary>
internal sealed class ModuleFamilies(MetricRegistry registry)
{
    private static readonly string[] ByModule = ["run", "module", "operator"];

    public MetricFamily<Gauge> LambdaMax { get; } =
        registry.AddGauge(
            "curvature_module_lambda_max",
            "Largest eigenvalue of the diagonal block of a module's parameters; at most 32 modules of a run.",
            ByModule
        );

    public MetricFamily<Gauge> LambdaMaxResidual { get; } =
        registry.AddGauge(
            "curvature_module_lambda_max_residual",
            "Residual bound of the largest eigenvalue of a module's block: its error bar.",
            ByModule
        );

    public MetricFamily<Gauge> Trace { get; } =
        registry.AddGauge(
            "curvature_module_trace",
            "Trace of the diagonal block of a module's parameters.",
            ByModule
        );

    public MetricFamily<Gauge> TraceError { get; } =
        registry.AddGauge(
            "curvature_module_trace_stderr",
            "Standard error of the trace of a module's block.",
            ByModule
        );

    public MetricFamily<Gauge> LeftOut { get; } =
        registry.AddGauge(
            "curvature_modules_left_out",
            "Modules of the model that are not measured, because they are more than 16; name those that matter.",
            ["run"]
        );
}
