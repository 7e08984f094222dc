using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Passes;

/// <summary>What is to be known of narrow types.</summary>
internal static class NarrowTypesExtensions
{
    /// <summary>A type among them; none for any other.</summary>
    internal static NarrowTypes ToNarrow(this ScalarType type) =>
        type switch
        {
            ScalarType.Float16 => NarrowTypes.Float16,
            ScalarType.BFloat16 => NarrowTypes.BFloat16,
            _ => NarrowTypes.None,
        };

    /// <summary>Their names, as PyTorch has them.</summary>
    internal static string Names(this NarrowTypes types) =>
        types switch
        {
            NarrowTypes.Float16 => "float16",
            NarrowTypes.BFloat16 => "bfloat16",
            NarrowTypes.None => "",
            _ => "bfloat16, float16",
        };

    /// <summary>How far two programs that round to them may differ, as a share of the largest output.</summary>
    internal static double Tolerated(this NarrowTypes types) =>
        types.HasFlag(NarrowTypes.BFloat16) ? 5e-2
        : types == NarrowTypes.Float16 ? 1e-2
        : 0;
}
