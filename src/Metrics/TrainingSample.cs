namespace CurvatureMonitor.Metrics;

/// <summary>What a trainer says about one step. A number that is not known is null and is then not exposed.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Loss">Training loss of the step; NaN and infinities are shown as such.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Momentum">Momentum, or β1 of an Adam.</param>
/// <param name="BatchSize">Samples in the batch.</param>
public sealed record TrainingSample(
    long Step,
    double? Loss,
    double? LearningRate,
    double? Momentum = null,
    long? BatchSize = null
)
{
    /// <summary>‖g‖ of the batch.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>The damping of an adaptive optimiser: ε of Adam.</summary>
    public double? Damping { get; init; }
}
