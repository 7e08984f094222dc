using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>How large tensors are, as numbers on the host.</summary>
internal static class Magnitudes
{
    /// <summary>max |xᵢ|; 0 where there are none.</summary>
    internal static double Largest(Tensor x) =>
        x.NumberOfElements == 0 ? 0 : x.abs().max().to(ScalarType.Float64).item<double>();

    /// <summary>max |xᵢ − yᵢ|.</summary>
    internal static double Distance(Tensor x, Tensor y) => Largest(x - y);
}
