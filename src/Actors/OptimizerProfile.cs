using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Actors;

/// <summary>What a run's optimiser is, as far as its stability limits and its preconditioner depend on it.</summary>
/// <param name="Options">Kind and hyper-parameters; the learning rate of a checkpoint goes before theirs.</param>
/// <param name="BatchSize">B; null where unknown.</param>
/// <param name="Samples">Samples that batches are drawn from; null where unknown.</param>
public sealed record OptimizerProfile(OptimizerOptions Options, long? BatchSize, long? Samples)
{
    /// <summary>β of SGD, β₁ of Adam.</summary>
    public double Momentum => Options.Kind == OptimizerKind.Sgd ? Options.Momentum : Options.Beta1;

    /// <summary>ε of Adam; null for optimisers without damping.</summary>
    public double? Damping => Options.Kind == OptimizerKind.Sgd ? null : Options.Epsilon;

    /// <summary>The stability limits at a learning rate; none where the rate is not known or has none.</summary>
    public IReadOnlyList<StabilityLimit> LimitsAt(double? learningRate) =>
        learningRate is { } rate ? StabilityLimit.For(SettingsAt(rate)) : [];

    /// <summary>The optimiser as its limits depend on it, at a learning rate.</summary>
    public OptimizerSettings SettingsAt(double learningRate) =>
        Options.Kind == OptimizerKind.Sgd
            ? new SgdSettings(learningRate, Options.Momentum, Options.Nesterov, BatchSize, Samples)
            : new AdamSettings(
                learningRate,
                Options.Beta1,
                Options.Beta2,
                Options.Epsilon,
                Options.Kind == OptimizerKind.AdamW
            );
}
