using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>The size of the parameters.</summary>
/// <param name="Norm">‖θ‖.</param>
/// <param name="Maximum">max |θ_k|.</param>
/// <param name="Layers">‖θ_l‖ of every parameter tensor, in the model's order; their squares add up to ‖θ‖².</param>
public sealed record WeightNorms(Estimate Norm, Estimate Maximum, IReadOnlyList<LayerEstimate> Layers)
{
    /// <summary>Measures θ.</summary>
    /// <param name="theta">[P].</param>
    /// <param name="layers">The places of the parameter tensors in θ.</param>
    /// <exception cref="TorchException">The layers do not fit θ.</exception>
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
            [.. layers.Select((layer, i) => new LayerEstimate(layer.Name, layer.Count, Rounded(Math.Sqrt(squares[i]))))]
        );
    }
}
