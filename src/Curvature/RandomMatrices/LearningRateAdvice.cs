using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>What the mini-batch theory says of the learning rate at another batch size.</summary>
/// <param name="BatchSize">B.</param>
/// <param name="PredictedSharpness">λ'₁ of a batch of that size (theorem 14).</param>
/// <param name="LearningRate">The rate that keeps sharpness × rate where it is now.</param>
/// <param name="LargestLearningRate">The rate at which the predicted sharpness reaches the optimiser's stability limit;
/// null where no limit is known.</param>
/// <remarks>
/// Thesis, section 5.7: a step along the sharpest direction of a batch lowers the loss for η &lt; 2/λ'₁ (equation
/// 5.34), so the rate may grow with B as long as noise has a part in λ'₁. The thesis calls that growth proportional; by
/// theorem 14 the noise term Pσ²/(bλ₁) stays below λ₁ wherever it holds, and below the threshold λ'₁ goes with 1/√B, so
/// proportional is the most there can be. Section 5.8.1: an adaptive optimiser with little damping is limited by the
/// bulk, which shrinks as 1/√B, so its rate goes with √B.
/// </remarks>
public sealed record LearningRateAdvice(
    long BatchSize,
    double PredictedSharpness,
    double LearningRate,
    double? LargestLearningRate
)
{
    /// <summary>Advice for several batch sizes.</summary>
    /// <param name="optimizer">The optimiser as it runs now.</param>
    /// <param name="largest">λ₁ of the whole set.</param>
    /// <param name="noise">The sampling noise.</param>
    /// <param name="current">The batch that the optimiser runs with now.</param>
    /// <param name="batchSizes">B for which advice is wanted, each at most the training set.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is not positive, or a batch size is below 1 or
    /// beyond the training set.</exception>
    /// <exception cref="ArgumentException">λ₁ and the noise are both zero: there is no curvature to base advice
    /// on.</exception>
    public static IReadOnlyList<LearningRateAdvice> For(
        OptimizerSettings optimizer,
        double largest,
        HessianNoise noise,
        BatchShape current,
        IEnumerable<long> batchSizes
    )
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(batchSizes);
        var rate = Positive.Require(optimizer.LearningRate, nameof(optimizer));
        var sharpness = MiniBatchTheory.LargestEigenvalue(largest, noise, current);
        if (sharpness <= 0)
        {
            throw new ArgumentException(
                "the predicted sharpness of a batch is not positive, so no learning rate follows from it",
                nameof(largest)
            );
        }

        // Limits are c/η (StabilityLimit), so the limiting rate for a sharpness is c over that sharpness. A
        // preconditioned limit is one of another operator.
        var limit = StabilityLimit.For(optimizer, StabilityKind.Full)?.Value * rate;
        var advice = new List<LearningRateAdvice>();
        foreach (var size in batchSizes)
        {
            var predicted = MiniBatchTheory.LargestEigenvalue(
                largest,
                noise,
                new BatchShape(size, current.TrainingSamples)
            );
            var factor = optimizer is AdamSettings ? Math.Sqrt(size / (double)current.Size) : sharpness / predicted;
            advice.Add(new LearningRateAdvice(size, predicted, rate * factor, limit / predicted));
        }

        return advice;
    }
}
