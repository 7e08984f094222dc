using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>What every Krylov method asks of the vector that it starts from.</summary>
internal static class LanczosStart
{
    /// <summary>Makes sure that <paramref name="start"/> can be started from.</summary>
    /// <returns>Its norm, positive and finite.</returns>
    /// <exception cref="ArgumentException">It does not fit the operator, or is zero.</exception>
    /// <exception cref="NonFiniteException">It is not finite.</exception>
    internal static double RequireUsable(ISymmetricOperator symmetric, Vector start)
    {
        if (start.Length != symmetric.Dimension || start.ElementType != symmetric.ElementType)
        {
            throw new ArgumentException(
                $"the start vector ({start.Length} {start.ElementType}) does not fit the operator "
                    + $"({symmetric.Dimension} {symmetric.ElementType})",
                nameof(start)
            );
        }

        var norm = start.Norm();
        if (!double.IsFinite(norm))
        {
            throw new NonFiniteException(symmetric.Name, 0, "the start vector");
        }

        return norm > 0
            ? norm
            : throw new ArgumentException("the start vector is zero; any other will do", nameof(start));
    }
}
