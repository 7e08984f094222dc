using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// Whether a Krylov space left out some of the largest eigenvalues. It holds a repeated eigenvalue once, however often
/// it is there: a linear model with K outputs and squared error has each of its eigenvalues K times.
/// </summary>
public static class RepeatedEigenvalues
{
    /// <summary>
    /// Looks for an eigenvalue above <paramref name="least"/> in the orthogonal complement of the eigenvectors that are
    /// known.
    /// </summary>
    /// <param name="symmetric">A.</param>
    /// <param name="known">Unit eigenvectors [P] of the largest eigenvalues.</param>
    /// <param name="least">The smallest of those eigenvalues.</param>
    /// <param name="margin">How far above it a Ritz value must lie to count; what rounding may do.</param>
    /// <param name="options">How long to look, and the seed; Ritz values only rise, so some tens of steps find what
    /// stands apart.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>Whether there is one; false is as certain as the steps that were spent.</returns>
    /// <exception cref="ArgumentException">A vector does not fit the operator.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static bool AreMissed(
        ISymmetricOperator symmetric,
        IReadOnlyList<Vector> known,
        double least,
        double margin,
        ExtremalOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(options);
        if (known.Count >= symmetric.Dimension)
        {
            return false;
        }

        using var directions = OrthonormalBasis.Of(
            known,
            symmetric.Dimension,
            symmetric.ElementType,
            symmetric.Device
        );
        if (directions is null)
        {
            return false;
        }

        using var complement = new DeflatedOperator(symmetric, directions);
        using var result = ExtremalEigenpairs.Find(
            complement,
            options with
            {
                Top = 1,
                Bottom = 0,
                ComputeVectors = false,
            },
            cancellationToken: cancellationToken
        );
        return result.Top[0].Value > least + margin;
    }
}
