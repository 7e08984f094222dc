using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// Keeps convolutions of float32 away from two faults of oneDNN 3.7 in libtorch 2.10, seen on a processor with AVX-512
/// and reproduced by ConvolutionRemedyTests: memory behind channels that do not fill its blocks of 16 is read though it
/// was never written, and the derivative for 33 to 48 channels of a strided convolution misses terms. Channels of
/// zeros, which are counted in and cut off again, change no result.
/// </summary>
/// <remarks>
/// Terms: a correlation takes A channels to B with weights [B, A, …]; its adjoint takes B channels to A. A transposed
/// convolution is the adjoint of one.
/// </remarks>
internal static class ChannelPadding
{
    private const long Block = 16;

    // Up to half a block, oneDNN reads the images as they are.
    private const long MaxUnblocked = 8;

    private static readonly bool HasWideVectors = Avx512F.IsSupported;

    /// <summary>Whether oneDNN may do this convolution.</summary>
    internal static bool Concerns(Tensor images, Tensor weight) =>
        HasWideVectors
        && images.dtype is ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16
        && images.device_type == TorchSharp.DeviceType.CPU
        && weight.shape.AsSpan(2).ContainsAnyExcept(1);

    /// <summary>How many channels of zeros the images of a correlation need.</summary>
    internal static long ForCorrelation(long a) => a > MaxUnblocked ? ToBlock(a) : 0;

    /// <summary>How many channels of zeros the images of an adjoint need.</summary>
    internal static long ForAdjoint(long b) => ToBlock(b);

    /// <summary>How many further channels the result of an adjoint needs.</summary>
    internal static long ForAdjointResult(long a, bool isStrided) =>
        isStrided && a is > 2 * Block and <= 3 * Block ? (4 * Block) - a : 0;

    /// <summary>Zeros behind the first two dimensions of a tensor; itself where none are needed.</summary>
    internal static Tensor Pad(Tensor tensor, long first, long second)
    {
        if (first == 0 && second == 0)
        {
            return tensor;
        }

        // From the last dimension to the first, two numbers each.
        long[] sides = new long[2 * tensor.dim()];
        (sides[^3], sides[^1]) = (second, first);
        return nn.functional.pad(tensor, sides);
    }

    private static long ToBlock(long channels) => (Block - (channels % Block)) % Block;
}
