using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>Weights of a loss.</summary>
/// <param name="Shape">Their shape, which is broadcast against a sample's targets.</param>
/// <param name="Values">The numbers, row-major.</param>
public sealed record LossWeights(IReadOnlyList<long> Shape, IReadOnlyList<double> Values)
{
    /// <summary>The weights as a tensor of another one's type and device.</summary>
    internal Tensor Like(Tensor other)
    {
        using var host = tensor([.. Values], [.. Shape], dtype: ScalarType.Float64);
        return host.to(other.is_floating_point() ? other.dtype : ScalarType.Float64, other.device);
    }
}
