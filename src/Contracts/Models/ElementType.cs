namespace CurvatureMonitor.Contracts.Models;

/// <summary>The floating-point type of a vector's numbers and of a model's parameters.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32, machine epsilon 1.2e-7.</summary>
    Float32 = 0,

    /// <summary>IEEE 754 binary64, machine epsilon 2.2e-16.</summary>
    Float64 = 1,
}
