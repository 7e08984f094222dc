namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>The names and sizes of <see cref="TensorType"/> in the safetensors format.</summary>
public static class TensorTypes
{
    /// <summary>The names that can be read, for messages.</summary>
    internal const string Known = "BOOL, U8, I8, U16, I16, U32, I32, U64, I64, F16, BF16, F32 and F64";

    /// <summary>Bytes an element.</summary>
    public static int Size(this TensorType type) =>
        type switch
        {
            TensorType.Bool or TensorType.UInt8 or TensorType.Int8 => 1,
            TensorType.UInt16 or TensorType.Int16 or TensorType.Float16 or TensorType.BFloat16 => 2,
            TensorType.UInt32 or TensorType.Int32 or TensorType.Float32 => 4,
            TensorType.UInt64 or TensorType.Int64 or TensorType.Float64 => 8,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
        };

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public static bool IsFloatingPoint(this TensorType type) => type >= TensorType.Float16;

    /// <summary>The name in a header, e.g. <c>F32</c>.</summary>
    public static string Label(this TensorType type) =>
        type switch
        {
            TensorType.Bool => "BOOL",
            TensorType.UInt8 => "U8",
            TensorType.Int8 => "I8",
            TensorType.UInt16 => "U16",
            TensorType.Int16 => "I16",
            TensorType.UInt32 => "U32",
            TensorType.Int32 => "I32",
            TensorType.UInt64 => "U64",
            TensorType.Int64 => "I64",
            TensorType.Float16 => "F16",
            TensorType.BFloat16 => "BF16",
            TensorType.Float32 => "F32",
            TensorType.Float64 => "F64",
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
        };

    /// <summary>
    /// Reads the name in a header; names of types that this project has no use for (complex numbers, 8-bit floats) are
    /// unknown.
    /// </summary>
    public static bool TryParse(string label, out TensorType type)
    {
        foreach (TensorType candidate in Enum.GetValues<TensorType>())
        {
            if (candidate.Label() == label)
            {
                type = candidate;
                return true;
            }
        }

        type = default;
        return false;
    }
}
