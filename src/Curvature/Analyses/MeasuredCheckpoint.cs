using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>The state of a training that is measured.</summary>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Theta">θ [P], where the linearization was made.</param>
/// <param name="LearningRate">η as the checkpoint has it; null where it has none.</param>
public sealed record MeasuredCheckpoint(long Step, Vector Theta, double? LearningRate)
{
    /// <summary>ν [P] of Adam after <see cref="OptimizerStep"/> steps, not corrected for bias; null where the
    /// checkpoint has none.</summary>
    public Vector? SecondMoments { get; init; }

    /// <summary>t, the steps of the optimiser, counted from 1; null where the checkpoint has none.</summary>
    public long? OptimizerStep { get; init; }
}
