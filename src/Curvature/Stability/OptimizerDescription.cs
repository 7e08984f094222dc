using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Stability;

/// <summary>
/// A run's optimiser, as far as its stability limits, its preconditioner and the theory of batches depend on it.
/// </summary>
public sealed record OptimizerDescription
{
    /// <summary>
    /// <c>sgd</c>, <c>adam</c> or <c>adamw</c>; any other, or null, is one that no limit is known of.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>η as the training is described; that of a checkpoint is used before it. Null where unknown.</summary>
    public double? LearningRate { get; init; }

    /// <summary>β of SGD, β₁ of Adam; null for other optimisers.</summary>
    public double? Momentum { get; init; }

    /// <summary>Nesterov's form of the momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>β₂ of Adam.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε of Adam.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>B; null where unknown.</summary>
    public long? BatchSize { get; init; }

    /// <summary>Samples that batches are drawn from; null where unknown.</summary>
    public long? Samples { get; init; }

    /// <summary>ε of Adam; null for optimisers without damping.</summary>
    public double? Damping => IsAdam ? Epsilon : null;

    /// <summary>Whether it is Adam or AdamW.</summary>
    public bool IsAdam => Name is "adam" or "adamw";

    /// <summary>η at a checkpoint: its own, or that of the description; null where neither is known.</summary>
    /// <param name="checkpoint">η as the checkpoint has it; null where it has none.</param>
    public double? LearningRateAt(double? checkpoint) => checkpoint ?? LearningRate;

    /// <summary>The optimiser with the momentum of a checkpoint.</summary>
    /// <param name="momentum">β as the checkpoint has it; null where it has none.</param>
    public OptimizerDescription With(double? momentum) =>
        momentum is null || momentum == Momentum ? this : this with { Momentum = momentum };

    /// <summary>
    /// The optimiser at a checkpoint; null where the learning rate is not known, or no limit is known of the optimiser.
    /// </summary>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public OptimizerSettings? At(double? learningRate) =>
        LearningRateAt(learningRate) is not { } rate ? null
        : Name == "sgd" && Momentum is >= 0 and < 1
            ? new SgdSettings(rate, Momentum.Value, Nesterov, BatchSize, Samples)
        : AdamAt(rate);

    /// <summary>
    /// Adam at a checkpoint, for its preconditioner: without a learning rate it has no limit. Null for other
    /// optimisers.
    /// </summary>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public AdamSettings? AdamAt(double? learningRate) =>
        IsAdam && Momentum is >= 0 and < 1 && Beta2 is >= 0 and < 1
            ? new AdamSettings(
                LearningRateAt(learningRate) ?? 0,
                Momentum.Value,
                Beta2,
                Epsilon,
                DecoupledWeightDecay: Name == "adamw"
            )
            : null;

    /// <summary>The stability limits at a checkpoint; none where the learning rate is not known or has none.</summary>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public IReadOnlyList<StabilityLimit> LimitsAt(double? learningRate) =>
        At(learningRate) is { } settings ? StabilityLimit.For(settings) : [];

    /// <summary>A sharpness beside the limit of its kind at a checkpoint; null where there is none.</summary>
    /// <param name="sharpness">The sharpness.</param>
    /// <param name="kind">Which limit.</param>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public StabilityRatio? RatioAt(Estimate sharpness, StabilityKind kind, double? learningRate) =>
        At(learningRate) is { } settings ? StabilityRatio.Of(sharpness, StabilityLimit.For(settings, kind)) : null;
}
