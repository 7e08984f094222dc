using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Curvature;

/// <summary>What rounding does in each element type.</summary>
internal static class Precision
{
    /// <summary>The distance from 1 to the next number: 2⁻²³ in float32, 2⁻⁵² in float64.</summary>
    internal static double Epsilon(ElementType type) =>
        type == ElementType.Float32 ? Math.ScaleB(1, -23) : Math.ScaleB(1, -52);

    /// <summary>Bytes a number.</summary>
    internal static long Bytes(ElementType type) => type == ElementType.Float32 ? 4 : 8;

    // Reductions over many samples and parameters lose some digits more than one operation; a hundred times the epsilon
    // covers what products of real networks showed, and costs no accuracy that the product itself has.
    private const double ProductFactor = 100;

    /// <summary>How far a product A v may be off, relative to ‖A‖‖v‖: 1.2e-5 in float32, 2.2e-14 in float64.</summary>
    internal static double Product(ElementType type) => ProductFactor * Epsilon(type);
}
