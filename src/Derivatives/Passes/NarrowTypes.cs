namespace CurvatureMonitor.Derivatives.Passes;

/// <summary>Types of less precision than float32.</summary>
[Flags]
internal enum NarrowTypes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>float16.</summary>
    Float16 = 1,

    /// <summary>bfloat16.</summary>
    BFloat16 = 2,
}
