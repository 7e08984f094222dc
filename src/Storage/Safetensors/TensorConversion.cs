using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>Conversion of stored (little-endian) elements to the three types that this project computes with.</summary>
internal static class TensorConversion
{
    /// <summary>Converts elements; a float64 that does not fit a float32 becomes infinite, as in PyTorch.</summary>
    /// <param name="source">Whole elements of <paramref name="type"/>.</param>
    /// <param name="type">The stored type.</param>
    /// <param name="destination">As many numbers.</param>
    public static void Convert<T>(ReadOnlySpan<byte> source, TensorType type, Span<T> destination)
        where T : struct, INumber<T>
    {
        switch (type)
        {
            case TensorType.Bool or TensorType.UInt8:
                Convert<byte, T>(source, destination);
                break;
            case TensorType.Int8:
                Convert<sbyte, T>(source, destination);
                break;
            case TensorType.UInt16:
                Convert<ushort, T>(source, destination);
                break;
            case TensorType.Int16:
                Convert<short, T>(source, destination);
                break;
            case TensorType.UInt32:
                Convert<uint, T>(source, destination);
                break;
            case TensorType.Int32:
                Convert<int, T>(source, destination);
                break;
            case TensorType.UInt64:
                Convert<ulong, T>(source, destination);
                break;
            case TensorType.Int64:
                Convert<long, T>(source, destination);
                break;
            case TensorType.Float16:
                Convert<Half, T>(source, destination);
                break;
            case TensorType.BFloat16:
                ConvertBFloat16(source, destination);
                break;
            case TensorType.Float32:
                Convert<float, T>(source, destination);
                break;
            case TensorType.Float64:
                Convert<double, T>(source, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    private static void Convert<TSource, T>(ReadOnlySpan<byte> source, Span<T> destination)
        where TSource : struct, INumber<TSource>
        where T : struct, INumber<T>
    {
        ReadOnlySpan<TSource> values = MemoryMarshal.Cast<byte, TSource>(source);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating(values[i]);
        }
    }

    private static void ConvertBFloat16<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : struct, INumber<T>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            int upper = BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]);
            destination[i] = T.CreateTruncating(BitConverter.Int32BitsToSingle(upper << 16));
        }
    }
}
