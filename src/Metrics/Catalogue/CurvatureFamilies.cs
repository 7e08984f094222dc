using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Every family of the product, in the order of the exposition.</summary>
internal sealed class CurvatureFamilies(MetricRegistry registry)
{
    public RunFamilies Run { get; } = new(registry);

    public TrainingFamilies Training { get; } = new(registry);

    public EigenvalueFamilies Eigenvalues { get; } = new(registry);

    public StabilityFamilies Stability { get; } = new(registry);

    public AnalysisFamilies Analysis { get; } = new(registry);

    public BatchSharpnessFamilies BatchSharpness { get; } = new(registry);

    public TraceFamilies Trace { get; } = new(registry);

    public ModuleFamilies Modules { get; } = new(registry);

    public ShapeFamilies Shape { get; } = new(registry);

    public GradientFamilies Gradient { get; } = new(registry);

    public VarianceFamilies Variance { get; } = new(registry);

    public AdviceFamilies Advice { get; } = new(registry);

    public TrackingFamilies Tracking { get; } = new(registry);

    public PipelineFamilies Pipeline { get; } = new(registry);

    public ClusterFamilies Cluster { get; } = new(registry);

    public ProcessFamilies Process { get; } = new(registry);
}
