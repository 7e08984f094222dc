namespace CurvatureMonitor.Curvature.Stability;

/// <summary>Adam, and AdamW: decoupled weight decay is no part of the loss, so both have the same limit.</summary>
/// <param name="LearningRate">η.</param>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">ε.</param>
/// <param name="DecoupledWeightDecay">Whether it is AdamW.</param>
public sealed record AdamSettings(
    double LearningRate,
    double Beta1 = 0.9,
    double Beta2 = 0.999,
    double Epsilon = 1e-8,
    bool DecoupledWeightDecay = false
) : OptimizerSettings(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => DecoupledWeightDecay ? "adamw" : "adam";

    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init; } = Decay(Beta1, nameof(Beta1));

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = Decay(Beta2, nameof(Beta2));

    /// <inheritdoc/>
    public override Preconditioner? PreconditionerAt(long steps) =>
        Preconditioner.OfAdam(Beta1, Beta2, Epsilon, steps);
}
