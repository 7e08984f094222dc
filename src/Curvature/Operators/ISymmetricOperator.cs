using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// A symmetric linear map A on vectors of <see cref="Dimension"/> numbers, known only by its products A v.
/// </summary>
/// <remarks>An operator is used by one thread at a time.</remarks>
public interface ISymmetricOperator
{
    /// <summary>What this operator is called in results and messages.</summary>
    string Name { get; }

    /// <summary>P, the length of the vectors that it maps.</summary>
    long Dimension { get; }

    /// <summary>The element type of the vectors that it maps.</summary>
    ElementType ElementType { get; }

    /// <summary>The device of the vectors that it maps.</summary>
    Device Device { get; }

    /// <summary>
    /// Curvature products spent so far, the unit of cost. An operator that needs two products for one application
    /// counts both.
    /// </summary>
    long Products { get; }

    /// <summary>
    /// How large the numbers were that cancelled in the products so far: the largest ‖intermediate result‖/‖v‖. The
    /// rounding error of a product is about the unit roundoff times the larger of this and ‖A v‖. Zero where nothing is
    /// subtracted.
    /// </summary>
    /// <remarks>
    /// R = H − G is the reason: where H = G, what is left of R v is rounding error of H v and must not be taken for
    /// curvature.
    /// </remarks>
    double CancellationScale => 0;

    /// <summary>Overwrites <paramref name="result"/> with A <paramref name="v"/>.</summary>
    /// <param name="v">[P], unchanged.</param>
    /// <param name="result">[P], not the same vector as <paramref name="v"/>.</param>
    void Apply(Vector v, Vector result);
}
