using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Measures the size of parameters.</summary>
public static class ParameterNorms
{
    extension(WeightNorms)
    {
        /// <summary>Measures θ.</summary>
        /// <param name="theta">[P].</param>
        /// <param name="layers">The places of the parameter tensors in θ.</param>
        /// <exception cref="DerivativeException">The layers do not fit θ.</exception>
        public static WeightNorms Of(Vector theta, IReadOnlyList<TensorSlot> layers)
        {
            ArgumentNullException.ThrowIfNull(theta);
            ArgumentNullException.ThrowIfNull(layers);
            var rounding = Precision.Epsilon(theta.ElementType);
            var squares = LayerSums.Dots(theta, theta, layers);
            Estimate Rounded(double value) => new(value, rounding * Math.Abs(value));
            return new WeightNorms(
                Rounded(theta.Norm()),
                Rounded(theta.MaxAbs()),
                [
                    .. layers.Select(
                        (layer, i) => new LayerEstimate(layer.Name, layer.Count, Rounded(Math.Sqrt(squares[i])))
                    ),
                ]
            );
        }
    }
}
