using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>An orthonormal basis of the span of given vectors.</summary>
internal static class OrthonormalBasis
{
    /// <summary>
    /// Gram-Schmidt, twice; vectors that lie in the span of those before them (or are zero) are left out.
    /// </summary>
    /// <returns>Null where nothing is left.</returns>
    internal static Basis? Of(IReadOnlyList<Vector> vectors, long dimension, ElementType type, Device device)
    {
        if (vectors.Count == 0)
        {
            return null;
        }

        var basis = new Basis(dimension, vectors.Count, type, device);
        try
        {
            using var candidate = Vector.Zeros(dimension, type, device);
            foreach (var vector in vectors)
            {
                RequireFit(vector, dimension, type);
                candidate.CopyFrom(vector);
                var norm = candidate.Norm();
                basis.Orthogonalise(candidate);
                basis.Orthogonalise(candidate);

                // Less than the square root of the rounding unit is left: what remains has lost half its digits, and
                // Ritz vectors never do that.
                var left = candidate.Norm();
                if (left > Math.Sqrt(Precision.Epsilon(type)) * norm)
                {
                    candidate.Scale(1 / left);
                    basis.Orthogonalise(candidate);
                    candidate.Scale(1 / candidate.Norm());
                    basis.Append(candidate);
                }
            }
        }
        catch
        {
            basis.Dispose();
            throw;
        }

        if (basis.Count > 0)
        {
            return basis;
        }

        basis.Dispose();
        return null;
    }

    private static void RequireFit(Vector vector, long dimension, ElementType type)
    {
        if (vector.Length != dimension || vector.ElementType != type)
        {
            throw new ArgumentException(
                $"a vector ({vector.Length} {vector.ElementType}) does not fit the operator ({dimension} {type})",
                nameof(vector)
            );
        }
    }
}
