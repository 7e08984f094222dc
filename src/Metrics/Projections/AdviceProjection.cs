using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>What follows for the optimiser from curvature and sampling noise.</summary>
internal sealed class AdviceProjection : Projection
{
    protected override void Apply(CheckpointMeasured measured, RunSeries run)
    {
        if (measured.Outlook is { } outlook)
        {
            run.Set(run.Families.Advice.DampingMinimum, outlook.MinimumDamping);
            run.Set(run.Families.Advice.LearningRateMaximum, outlook.LargestLearningRate);
        }
    }
}
