using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Every family of the product, in the order of the exposition.</summary>
internal sealed class CurvatureFamilies(MetricRegistry registry)
{
    public RunFamilies Run { get; } = new(registry);

    public MeasurementFamilies Measurement { get; } = new(registry);

    public StatisticsFamilies Statistics { get; } = new(registry);

    public PipelineFamilies Pipeline { get; } = new(registry);

    public ClusterFamilies Cluster { get; } = new(registry);

    public ProcessFamilies Process { get; } = new(registry);
}
