using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Stability;

/// <summary>The stability limits of optimisers.</summary>
public static class OptimizerLimits
{
    extension(StabilityLimit)
    {
        /// <summary>
        /// The limits that are known for an optimiser at one step; none where η is zero, negative or not a number.
        /// </summary>
        public static IReadOnlyList<StabilityLimit> For(OptimizerSettings optimizer)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            var candidates = optimizer switch
            {
                SgdSettings sgd => Sgd(sgd),
                AdamSettings adam =>
                [
                    new(StabilityKind.Preconditioned, (2 + (2 * adam.Beta1)) / ((1 - adam.Beta1) * adam.LearningRate)),
                ],
                AdaptiveSettings { Constant: { } constant } adaptive =>
                [
                    new StabilityLimit(adaptive.Of, constant / adaptive.LearningRate),
                ],
                _ => [],
            };
            return [.. candidates.Where(limit => double.IsFinite(limit.Value) && limit.Value > 0)];
        }

        /// <summary>The limit of one kind; null where it is not known or not defined.</summary>
        public static StabilityLimit? For(OptimizerSettings optimizer, StabilityKind kind) =>
            StabilityLimit.For(optimizer).FirstOrDefault(limit => limit.Kind == kind);
    }

    private static StabilityLimit[] Sgd(SgdSettings sgd)
    {
        var (rate, beta) = (sgd.LearningRate, sgd.Momentum);
        double undamped = beta == 0 ? 1 : 1 - sgd.Dampening;
        var full = new StabilityLimit(
            StabilityKind.Full,
            2 * (1 + beta) / (sgd.Nesterov ? rate * (1 + (2 * beta)) : rate * undamped)
        );

        // For batch sharpness only the limit of plain descent is established.
        return sgd.IsStochastic && beta == 0 ? [full, new(StabilityKind.Batch, 2 / rate)] : [full];
    }
}
