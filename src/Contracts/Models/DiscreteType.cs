namespace CurvatureMonitor.Contracts.Models;

/// <summary>The element type of a buffer of whole numbers or of truth values.</summary>
public enum DiscreteType
{
    /// <summary>True or false, a byte that is 1 or 0.</summary>
    Bool = 0,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 1,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 2,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 3,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 4,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 5,
}
