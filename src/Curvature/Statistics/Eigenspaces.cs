using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// How sets of eigenvectors lie to each other, to an operator and to a gradient. Vectors need not be of unit length or
/// orthogonal.
/// </summary>
public static class Eigenspaces
{
    /// <summary>vᵀAv/‖v‖² for every v: the curvature along directions kept from an earlier step.</summary>
    /// <param name="symmetric">A.</param>
    /// <param name="vectors">v [P].</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>The quotients with the rounding error of the product; that v was an eigenvector once plays no part in
    /// it.</returns>
    /// <exception cref="ArgumentException">A vector is zero.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    public static IReadOnlyList<Estimate> Curvature(
        ISymmetricOperator symmetric,
        IReadOnlyList<Vector> vectors,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        ArgumentNullException.ThrowIfNull(vectors);
        using var product = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
        var along = new Estimate[vectors.Count];
        for (var i = 0; i < along.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var v = vectors[i];
            var norm = NormOf(v);
            symmetric.Apply(v, product);
            var (curvature, length) = (v.Dot(product) / (norm * norm), product.Norm() / norm);
            Finite.Require(curvature, length, $"a product with the {symmetric.Name}");
            along[i] = new Estimate(
                curvature,
                Precision.Product(symmetric.ElementType) * Math.Max(length, symmetric.CancellationScale)
            );
        }

        return along;
    }

    /// <summary>
    /// cos²(vᵢ, uⱼ) for every pair: rows for <paramref name="earlier"/>, columns for <paramref name="current"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A vector is zero.</exception>
    public static IReadOnlyList<IReadOnlyList<double>> Overlaps(
        IReadOnlyList<Vector> earlier,
        IReadOnlyList<Vector> current
    )
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(current);
        var norms = current.Select(NormOf).ToArray();
        return
        [
            .. earlier.Select(v =>
            {
                var norm = NormOf(v);
                return (IReadOnlyList<double>)[.. current.Select((u, j) => Share(v.Dot(u) / norm / norms[j]))];
            }),
        ];
    }

    /// <summary>‖VᵀU‖²_F / min(k, m) between the spans of two sets, 0 to 1.</summary>
    /// <returns>Null where either set is empty.</returns>
    /// <exception cref="ArgumentException">A vector does not fit the others.</exception>
    public static Estimate? SubspaceOverlap(IReadOnlyList<Vector> earlier, IReadOnlyList<Vector> current)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(current);
        using var first = BasisOf(earlier);
        using var second = BasisOf(current);
        if (first is null || second is null)
        {
            return null;
        }

        var squares = 0.0;
        var coefficients = new double[second.Count];
        using var column = Vector.Zeros(first.Length, first.ElementType, first.Device);
        for (var j = 0; j < first.Count; j++)
        {
            first.CopyColumn(j, column);
            second.Project(column, coefficients);
            squares += coefficients.Sum(c => c * c);
        }

        return Clamped(squares / Math.Min(first.Count, second.Count), first.ElementType);
    }

    /// <summary>‖Uᵀg‖²/‖g‖²: the share of a gradient in the span of the vectors, 0 to 1.</summary>
    /// <returns>Null where the gradient is zero or there are no vectors.</returns>
    /// <exception cref="ArgumentException">A vector does not fit the gradient.</exception>
    public static Estimate? Alignment(Vector gradient, IReadOnlyList<Vector> vectors)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(vectors);
        var square = gradient.Dot(gradient);
        using var basis = BasisOf(vectors);
        if (basis is null || !(square > 0))
        {
            return null;
        }

        var coefficients = new double[basis.Count];
        basis.Project(gradient, coefficients);
        return Clamped(coefficients.Sum(c => c * c) / square, gradient.ElementType);
    }

    /// <summary>cos²(uⱼ, g) for every vector; empty for a zero gradient.</summary>
    /// <exception cref="ArgumentException">A vector is zero.</exception>
    public static IReadOnlyList<double> Alignments(Vector gradient, IReadOnlyList<Vector> vectors)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(vectors);
        var norm = gradient.Norm();
        return norm > 0 ? [.. vectors.Select(u => Share(u.Dot(gradient) / norm / NormOf(u)))] : [];
    }

    private static Basis? BasisOf(IReadOnlyList<Vector> vectors) =>
        vectors.Count == 0
            ? null
            : OrthonormalBasis.Of(vectors, vectors[0].Length, vectors[0].ElementType, vectors[0].Device);

    private static double NormOf(Vector vector)
    {
        var norm = vector.Norm();
        return norm > 0 ? norm : throw new ArgumentException("an eigenvector is zero or not a number", nameof(vector));
    }

    private static double Share(double cosine) => Math.Min(1, cosine * cosine);

    private static Estimate Clamped(double share, ElementType type) => new(Math.Min(1, share), Precision.Product(type));
}
