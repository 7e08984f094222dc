using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>Weights of a loss.</summary>
public sealed class LossWeights
{
    private readonly PlacedTensors _placed;

    /// <summary>Holds weights.</summary>
    /// <param name="shape">Their shape, which is broadcast against a sample's targets.</param>
    /// <param name="values">The numbers, row-major.</param>
    public LossWeights(IReadOnlyList<long> shape, IReadOnlyList<double> values)
    {
        (Shape, Values) = (shape, values);
        _placed = new PlacedTensors((type, device) => [Place(type, device)]);
    }

    /// <summary>Their shape, which is broadcast against a sample's targets.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The numbers, row-major.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The weights as a tensor of another one's type and device; not the caller's to dispose.</summary>
    internal Tensor Like(Tensor other) =>
        _placed.In(other.is_floating_point() ? other.dtype : ScalarType.Float64, other.device)[0];

    private Tensor Place(ScalarType type, Device device)
    {
        using var host = tensor([.. Values], [.. Shape], dtype: ScalarType.Float64);
        return host.to(type, device, copy: true);
    }
}
