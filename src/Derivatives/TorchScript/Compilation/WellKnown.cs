using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>Names with a fixed value, such as element types, which are numbers in TorchScript.</summary>
internal static class WellKnown
{
    private static readonly Dictionary<string, object> Known = new(StringComparer.Ordinal)
    {
        ["inf"] = double.PositiveInfinity,
        ["nan"] = double.NaN,
        ["infinity"] = double.PositiveInfinity,
        ["math.inf"] = double.PositiveInfinity,
        ["math.nan"] = double.NaN,
        ["math.pi"] = Math.PI,
        ["math.e"] = Math.E,
        ["torch.float32"] = (long)ScalarType.Float32,
        ["torch.float"] = (long)ScalarType.Float32,
        ["torch.float64"] = (long)ScalarType.Float64,
        ["torch.double"] = (long)ScalarType.Float64,
        ["torch.float16"] = (long)ScalarType.Float16,
        ["torch.half"] = (long)ScalarType.Float16,
        ["torch.bfloat16"] = (long)ScalarType.BFloat16,
        ["torch.int64"] = (long)ScalarType.Int64,
        ["torch.long"] = (long)ScalarType.Int64,
        ["torch.int32"] = (long)ScalarType.Int32,
        ["torch.int"] = (long)ScalarType.Int32,
        ["torch.int16"] = (long)ScalarType.Int16,
        ["torch.int8"] = (long)ScalarType.Int8,
        ["torch.uint8"] = (long)ScalarType.Byte,
        ["torch.bool"] = (long)ScalarType.Bool,
        ["torch.strided"] = 0L,
        ["torch.contiguous_format"] = 0L,
        ["torch.preserve_format"] = 1L,
        ["torch.channels_last"] = 2L,
        ["torch.channels_last_3d"] = 3L,
    };

    /// <summary>The value of a name; null where it has none.</summary>
    internal static object? Find(string name) => Known.GetValueOrDefault(name);
}
