using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// (I − QQᵀ) A (I − QQᵀ) for orthonormal Q [P, C]: A with the directions of Q taken out. With eigenvectors in Q it has
/// the other eigenvalues of A, and zero C times; with any Q it is symmetric and its other eigenvalues interlace those
/// of A.
/// </summary>
/// <remarks>
/// Papyan 2019, section 5.7, subtracts Σ λ_c v_c v_cᵀ instead, which is the same for exact eigenvectors; the projection
/// needs no eigenvalues and leaves no remainder where the vectors are not exact. An application costs one product of A.
/// </remarks>
public sealed class DeflatedOperator : ISymmetricOperator, IDisposable
{
    private readonly ISymmetricOperator _inner;
    private readonly Basis _directions;
    private readonly Vector _projected;

    /// <summary>Deflates an operator.</summary>
    /// <param name="inner">A; stays its creator's to dispose.</param>
    /// <param name="directions">Q, orthonormal columns, as many as there are in it; stays its creator's to dispose, and
    /// must not change meanwhile.</param>
    /// <exception cref="ArgumentException">The columns do not fit the operator.</exception>
    public DeflatedOperator(ISymmetricOperator inner, Basis directions)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(directions);
        if (directions.Length != inner.Dimension || directions.ElementType != inner.ElementType)
        {
            throw new ArgumentException(
                $"the directions ({directions.Length} {directions.ElementType}) do not fit the operator "
                    + $"({inner.Dimension} {inner.ElementType})",
                nameof(directions)
            );
        }

        _inner = inner;
        _directions = directions;
        _projected = Vector.Zeros(inner.Dimension, inner.ElementType, inner.Device);
    }

    /// <inheritdoc/>
    public string Name => "deflated " + _inner.Name;

    /// <inheritdoc/>
    public long Dimension => _inner.Dimension;

    /// <inheritdoc/>
    public ElementType ElementType => _inner.ElementType;

    /// <inheritdoc/>
    public Device Device => _inner.Device;

    /// <inheritdoc/>
    public long Products => _inner.Products;

    /// <summary>What was projected away also cancelled: A's own scale.</summary>
    public double CancellationScale => _inner.CancellationScale;

    /// <inheritdoc/>
    public void Apply(Vector v, Vector result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _projected.CopyFrom(v);
        _directions.Orthogonalise(_projected);
        _inner.Apply(_projected, result);
        _directions.Orthogonalise(result);
    }

    /// <summary>Frees the scratch vector.</summary>
    public void Dispose() => _projected.Dispose();
}
