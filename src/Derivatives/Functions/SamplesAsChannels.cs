using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// ∂w of a convolution with stride and dilation 1 as a convolution of images of N channels, with the gradients as its
/// weights: ∂w[k, c] = Σ_b x[b, c] ∗ ∂y[b, k]. oneDNN's own takes up to four times as long for a first layer of
/// grey images, and up to three times for small ones: in a Hessian product of lenet that of the first layer took
/// as long as those with six times as many multiplications.
/// </summary>
internal static class SamplesAsChannels
{
    // Beyond these oneDNN's own is as fast, or faster: measured with 1 and 2 threads in some twenty geometries.
    private const long FewPixels = 64;
    private const long FewChannels = 2;
    private const long PixelsOfFewChannels = 32 * 32;

    /// <summary>Whether ∂w is had sooner this way.</summary>
    internal static bool Suits(Tensor gradient, Tensor x, Tensor w)
    {
        if (gradient.dim() != 4 || w.size(2) * w.size(3) == 1 || !IsOfOneDnn(x))
        {
            return false;
        }

        long pixels = gradient.size(2) * gradient.size(3);
        return pixels <= FewPixels || (x.size(1) <= FewChannels && pixels <= PixelsOfFewChannels);
    }

    /// <summary>(∂y, x) ↦ ∂w.</summary>
    internal static Tensor ToWeight(ConvolutionGeometry geometry, Tensor gradient, Tensor x)
    {
        using var images = x.transpose(0, 1);
        using var weights = gradient.transpose(0, 1);
        using var swapped = geometry.Forward(images, weights, null);
        return swapped.transpose(0, 1).contiguous();
    }

    private static bool IsOfOneDnn(Tensor x) =>
        x.dtype == ScalarType.Float32 && x.device_type == TorchSharp.DeviceType.CPU;
}
