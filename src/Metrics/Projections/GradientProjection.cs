using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>Statistics of gradient and parameters.</summary>
internal sealed class GradientProjection : Projection
{
    protected override void Apply(CheckpointMeasured measured, RunSeries run)
    {
        var (families, gradient) = (run.Families.Gradient, measured.Gradient);
        if (gradient is null && measured.Weights is null)
        {
            return;
        }

        run.Set(families.Norm, gradient?.Norm.Value);
        run.Set(families.Variance, families.VarianceError, gradient?.Variance);
        run.Set(families.NoiseScale, families.NoiseScaleError, gradient?.NoiseScale);
        run.Set(families.WeightNorm, measured.Weights?.Norm.Value);
    }
}
