using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>The documented algorithms, number by number.</summary>
internal static class ReferenceOptimizers
{
    /// <summary>docs of torch.optim.SGD: b_1 = g_1, b_t = μ b_{t−1} + (1 − τ) g_t with τ = 0.</summary>
    public static double ReferenceSgd(double theta, double[] gradients, OptimizerOptions options)
    {
        double? buffer = null;
        for (var t = 1; t <= gradients.Length; t++)
        {
            var g = gradients[t - 1] + (options.WeightDecay * theta);
            if (options.Momentum != 0)
            {
                buffer = buffer is null ? g : (options.Momentum * buffer) + g;
                g = options.Nesterov ? g + (options.Momentum * buffer.Value) : buffer.Value;
            }

            theta -= options.LearningRate / t * g;
        }

        return theta;
    }

    /// <summary>docs of torch.optim.Adam and AdamW, with the corrected moments formed as printed there.</summary>
    public static double ReferenceAdam(double theta, double[] gradients, OptimizerOptions options)
    {
        double first = 0,
            second = 0;
        for (var t = 1; t <= gradients.Length; t++)
        {
            var (rate, g) = (options.LearningRate / t, gradients[t - 1]);
            if (options.Kind == OptimizerKind.AdamW)
            {
                theta -= rate * options.WeightDecay * theta;
            }
            else
            {
                g += options.WeightDecay * theta;
            }

            first = (options.Beta1 * first) + ((1 - options.Beta1) * g);
            second = (options.Beta2 * second) + ((1 - options.Beta2) * g * g);
            var firstHat = first / (1 - Math.Pow(options.Beta1, t));
            var secondHat = second / (1 - Math.Pow(options.Beta2, t));
            theta -= rate * firstHat / (Math.Sqrt(secondHat) + options.Epsilon);
        }

        return theta;
    }
}
