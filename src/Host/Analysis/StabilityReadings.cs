using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>The stability limits of a run's optimiser at one checkpoint, as far as its bundle tells of them.</summary>
internal sealed class StabilityReadings(TrainingDescription training, CheckpointInfo info)
{
    /// <summary>η at the checkpoint; null where the bundle does not tell.</summary>
    internal double? LearningRate => info.LearningRate ?? training.LearningRate;

    /// <summary>
    /// The optimiser with the learning rate of the checkpoint; null where it is none that limits are known of.
    /// </summary>
    internal OptimizerSettings? Optimizer =>
        LearningRate is not { } rate
            ? null
            : training.Optimizer?.ToLowerInvariant() switch
            {
                "sgd" when training.Momentum is null or (>= 0 and < 1) => new SgdSettings(
                    rate,
                    training.Momentum ?? 0,
                    training.Nesterov ?? false,
                    training.BatchSize,
                    training.Samples
                ),
                "adam" or "adamw" => Adam(rate),
                _ => null,
            };

    /// <summary>A sharpness beside the limit of its kind; null where there is none.</summary>
    internal StabilityReading? Of(Estimate sharpness, StabilityKind kind)
    {
        var ratio = Optimizer is { } optimizer
            ? StabilityRatio.Of(sharpness, StabilityLimit.For(optimizer, kind))
            : null;
        return ratio is null ? null : StabilityReading.Of(ratio);
    }

    private AdamSettings? Adam(double rate) =>
        training.Beta1 is null or (>= 0 and < 1) && training.Beta2 is null or (>= 0 and < 1)
            ? new AdamSettings(rate, training.Beta1 ?? 0.9, training.Beta2 ?? 0.999, training.Epsilon ?? 1e-8)
            : null;
}
