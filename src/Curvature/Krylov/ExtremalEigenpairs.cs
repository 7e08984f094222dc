using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// The largest and smallest eigenpairs of an operator by thick-restart Lanczos, stopped by the residual bounds.
/// </summary>
/// <remarks>
/// A cold start is random; a warm start is the sum of the Ritz vectors of an earlier, similar operator plus a small
/// random part. Either way the pairs carry their residual bounds, which hold whatever the start; that no larger
/// eigenvalue was missed holds only with the probability with which a random vector sees it, less so for a warm start:
/// start cold from time to time (<see cref="WarmStart"/> does). Memory does not grow with the number of products: where
/// the basis is full it shrinks to the Ritz vectors of the ends in place and the search continues (thick restart: Wu
/// and Simon 2000, "Thick-restart Lanczos method for large symmetric eigenvalue problems", SIAM J. Matrix Anal. Appl.
/// 22). A repeated eigenvalue is found once, unless the Krylov space closes with fewer vectors than pairs were asked
/// for: then the search continues in the orthogonal complement, as it always does with
/// <see cref="ExtremalOptions.SearchComplement"/>.
/// </remarks>
public static class ExtremalEigenpairs
{
    /// <summary>Finds the ends of the spectrum of <paramref name="symmetric"/>.</summary>
    /// <param name="symmetric">A.</param>
    /// <param name="options">Which ends, and how well.</param>
    /// <param name="previous"> Unit vectors [P] that are likely near the wanted eigenvectors, such as those of an
    /// earlier operator's pairs; null or empty for a cold start. </param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>The pairs; the caller disposes it. Look at <see cref="ExtremalResult.Converged"/>.</returns>
    /// <exception cref="ArgumentException">The options make no sense, or a vector does not fit the
    /// operator.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ExtremalResult Find(
        ISymmetricOperator symmetric,
        ExtremalOptions? options = null,
        IReadOnlyList<Vector>? previous = null,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        options ??= new ExtremalOptions();
        options.Validate();
        var warm = previous is { Count: > 0 };
        using var search = new ExtremalSearch(
            symmetric,
            options,
            StartVector(symmetric, options, previous ?? []),
            warm
        );
        return search.Run(progress, cancellationToken);
    }

    private static Vector StartVector(
        ISymmetricOperator symmetric,
        ExtremalOptions options,
        IReadOnlyList<Vector> previous
    )
    {
        foreach (var vector in previous)
        {
            if (vector.Length != symmetric.Dimension || vector.ElementType != symmetric.ElementType)
            {
                throw new ArgumentException(
                    $"a previous vector ({vector.Length} {vector.ElementType}) does not fit the operator "
                        + $"({symmetric.Dimension} {symmetric.ElementType})",
                    nameof(previous)
                );
            }
        }

        var start = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
        IsotropicStart.Fill(start, options.Seed);
        if (previous.Count == 0)
        {
            return start;
        }

        using var sum = start.ZerosLike();
        foreach (var vector in previous)
        {
            // An eigenvector's sign means nothing; the one that agrees with the others keeps near-parallel vectors from
            // cancelling.
            sum.Add(vector, sum.Dot(vector) < 0 ? -1 : 1);
        }

        var norm = sum.Norm();
        if (double.IsFinite(norm) && norm > 0)
        {
            start.Scale(options.RandomShare);
            start.Add(sum, 1 / norm);
        }

        return start;
    }
}
