using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Curvature.Stability;

/// <summary>
/// A run's optimiser, as far as its stability limits, its preconditioner and the theory of batches depend on it.
/// </summary>
public sealed partial record OptimizerDescription
{
    /// <summary>
    /// <c>sgd</c>, <c>adam</c>, <c>adamw</c>, <c>rmsprop</c>, <c>adagrad</c>, <c>nadam</c> or <c>radam</c>; any other,
    /// or null, is one that no limit is known of.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>η as the training is described; that of a checkpoint is used before it. Null where unknown.</summary>
    public double? LearningRate { get; init; }

    /// <summary>β of SGD and RMSprop, β₁ of Adam and its kin; null for other optimisers.</summary>
    public double? Momentum { get; init; }

    /// <summary>Nesterov's form of the momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>The dampening of SGD's momentum.</summary>
    public double Dampening { get; init; }

    /// <summary>β₂ of Adam.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε of Adam.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>ψ of NAdam.</summary>
    public double MomentumDecay { get; init; } = 0.004;

    /// <summary>The decay of Adagrad's learning rate.</summary>
    public double RateDecay { get; init; }

    /// <summary>t, the steps of the optimiser; null where unknown.</summary>
    public long? Step { get; init; }

    /// <summary>B; null where unknown.</summary>
    public long? BatchSize { get; init; }

    /// <summary>Samples that batches are drawn from; null where unknown.</summary>
    public long? Samples { get; init; }

    /// <summary>
    /// The parameter groups with their learning rates, where these differ and all else does not; null otherwise.
    /// </summary>
    public IReadOnlyList<ParameterGroup>? RatedGroups { get; init; }

    /// <summary>Why there is no limit, in words; null where there is nothing more to say than what is here.</summary>
    public string? Obstacle { get; init; }

    /// <summary>ε of Adam; null for optimisers without damping.</summary>
    public double? Damping => IsAdaptive && Obstacle is null ? Epsilon : null;

    /// <summary>Whether it is Adam or AdamW.</summary>
    public bool IsAdam => Name is "adam" or "adamw";

    /// <summary>Whether its steps are divided by a diagonal that the checkpoint can hold.</summary>
    public bool IsAdaptive => IsAdam || Name is "rmsprop" or "adagrad" or "nadam" or "radam";

    /// <summary>η at a checkpoint: its own, or that of the description; null where neither is known.</summary>
    /// <param name="checkpoint">η as the checkpoint has it; null where it has none.</param>
    public double? LearningRateAt(double? checkpoint) => checkpoint ?? LearningRate;

    /// <summary>
    /// The optimiser at a checkpoint; null where the learning rate is not known, or no limit is known of the optimiser.
    /// </summary>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public OptimizerSettings? At(double? learningRate) =>
        LearningRateAt(learningRate) is { } rate ? SettingsOf(rate) : null;

    /// <summary>
    /// Adam at a checkpoint, for its preconditioner: without a learning rate it has no limit. Null for other
    /// optimisers.
    /// </summary>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public AdamSettings? AdamAt(double? learningRate) => SettingsOf(LearningRateAt(learningRate) ?? 0) as AdamSettings;

    /// <summary>
    /// The diagonal that steps are divided by; null where they are not divided, or a number that it needs is not known.
    /// </summary>
    /// <param name="step">t, the steps of the optimiser, counted from 1.</param>
    public Preconditioner? PreconditionerAt(long step) => SettingsOf(0)?.PreconditionerAt(step);

    /// <summary>The stability limits at a checkpoint; none where the learning rate is not known or has none.</summary>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public IReadOnlyList<StabilityLimit> LimitsAt(double? learningRate) =>
        At(learningRate) is { } settings ? StabilityLimit.For(settings) : [];

    /// <summary>
    /// The limit of the operator that is scaled by the groups' rates: the one at a rate of 1. Null where the rates do
    /// not differ, or no limit is known.
    /// </summary>
    public StabilityLimit? ScaledLimit =>
        RatedGroups is not null
        && SettingsOf(1) is { } settings
        && StabilityLimit.For(settings).FirstOrDefault(limit => limit.Kind != StabilityKind.Batch) is { } limit
            ? new StabilityLimit(StabilityKind.Scaled, limit.Value)
            : null;

    /// <summary>A sharpness beside the limit of its kind at a checkpoint; null where there is none.</summary>
    /// <param name="sharpness">The sharpness.</param>
    /// <param name="kind">Which limit.</param>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public StabilityRatio? RatioAt(Estimate sharpness, StabilityKind kind, double? learningRate) =>
        kind == StabilityKind.Scaled ? StabilityRatio.Of(sharpness, ScaledLimit)
        : At(learningRate) is { } settings ? StabilityRatio.Of(sharpness, StabilityLimit.For(settings, kind))
        : null;

    /// <summary>Why no limit is told at a checkpoint, in words; null where one is.</summary>
    /// <param name="learningRate">η as the checkpoint has it; null where it has none.</param>
    public string? NoLimitAt(double? learningRate) =>
        LimitsAt(learningRate).Count > 0 || ScaledLimit is not null ? null
        : Obstacle is not null ? Obstacle
        : LearningRateAt(learningRate) switch
        {
            _ when Name is null => "no limit known: the optimiser is not told",
            _ when SettingsOf(1) is null => $"no limit known of {Name}",
            null => "no limit: the learning rate is not told",
            0 => "no limit: the learning rate is 0",
            _ => $"no limit known of {Name} at this step",
        };

    private OptimizerSettings? SettingsOf(double rate)
    {
        if (Obstacle is not null)
        {
            return null;
        }

        bool decays = Momentum is >= 0 and < 1 && Beta2 is >= 0 and < 1;
        return Name switch
        {
            "sgd" when Momentum is >= 0 and < 1 && Dampening < 1 && !(Nesterov && Dampening != 0) =>
                new SgdSettings(rate, Momentum.Value, Nesterov, BatchSize, Samples) { Dampening = Dampening },
            "adam" or "adamw" when decays => new AdamSettings(
                rate,
                Momentum!.Value,
                Beta2,
                Epsilon,
                DecoupledWeightDecay: Name == "adamw"
            ),
            "rmsprop" when (Momentum ?? 0) is >= 0 and < 1 => AdaptiveSettings.RootMeanSquare(
                rate,
                Momentum ?? 0,
                Epsilon
            ),
            "adagrad" => AdaptiveSettings.SumOfSquares(rate, RateDecay, Epsilon, Step),
            "nadam" when decays => AdaptiveSettings.Nesterov(
                rate,
                Momentum!.Value,
                Beta2,
                Epsilon,
                MomentumDecay,
                Step
            ),
            "radam" when decays => AdaptiveSettings.Rectified(rate, Momentum!.Value, Beta2, Epsilon, Step),
            _ => null,
        };
    }
}
