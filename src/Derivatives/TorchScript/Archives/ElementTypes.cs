using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>Element types as an archive names them.</summary>
internal static class ElementTypes
{
    private static readonly (ScalarType Type, string Storage, string Name, int Bytes)[] Known =
    [
        (ScalarType.Float32, "torch.FloatStorage", "torch.float32", 4),
        (ScalarType.Float64, "torch.DoubleStorage", "torch.float64", 8),
        (ScalarType.Float16, "torch.HalfStorage", "torch.float16", 2),
        (ScalarType.BFloat16, "torch.BFloat16Storage", "torch.bfloat16", 2),
        (ScalarType.Int8, "torch.CharStorage", "torch.int8", 1),
        (ScalarType.Int16, "torch.ShortStorage", "torch.int16", 2),
        (ScalarType.Int32, "torch.IntStorage", "torch.int32", 4),
        (ScalarType.Int64, "torch.LongStorage", "torch.int64", 8),
        (ScalarType.Byte, "torch.ByteStorage", "torch.uint8", 1),
        (ScalarType.Bool, "torch.BoolStorage", "torch.bool", 1),
    ];

    /// <summary>The type of a storage's class, such as <c>torch.FloatStorage</c>, or null.</summary>
    internal static ScalarType? FromStorage(string storage) =>
        Known.Where(known => known.Storage == storage).Select(known => (ScalarType?)known.Type).FirstOrDefault();

    /// <summary>The type of a name, such as <c>torch.float32</c>, or null.</summary>
    internal static ScalarType? FromName(string name) =>
        Known.Where(known => known.Name == name).Select(known => (ScalarType?)known.Type).FirstOrDefault();

    /// <summary>The storage's class, or null for a type that archives here do not hold.</summary>
    internal static string? StorageOf(ScalarType type) =>
        Known.Where(known => known.Type == type).Select(known => known.Storage).FirstOrDefault();

    /// <summary>
    /// The type of a program's number for it. libtorch looks every number up in a table, and reads beyond its end for
    /// one that is none.
    /// </summary>
    /// <exception cref="DerivativeException">No type has that number: that is final.</exception>
    internal static ScalarType FromCode(long code) =>
        code is >= 0 and <= sbyte.MaxValue && Enum.IsDefined((ScalarType)code)
            ? (ScalarType)code
            : throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"there is no element type {code}"
            )
            {
                IsFinal = true,
            };

    /// <summary>Bytes of an element.</summary>
    internal static int SizeOf(ScalarType type) => Known.First(known => known.Type == type).Bytes;

    /// <summary>Whether a tensor of the type can have a gradient.</summary>
    internal static bool IsFloating(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;
}
