using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// A diagonal block of A: its rows and columns from a first parameter on, such as those of one layer. Its extremal
/// eigenvalues lie between those of A (Cauchy interlacing). An application costs one product of A.
/// </summary>
public sealed class BlockOperator : ISymmetricOperator, IDisposable
{
    private readonly ISymmetricOperator _inner;
    private readonly long _start;
    private readonly Vector _wide;
    private readonly Vector _product;

    /// <summary>Cuts the block out.</summary>
    /// <param name="inner">A [P × P]; stays its creator's to dispose.</param>
    /// <param name="name">What the block is of: a layer.</param>
    /// <param name="start">The first parameter of the block.</param>
    /// <param name="count">How many parameters it has, 1 at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block lies outside A.</exception>
    public BlockOperator(ISymmetricOperator inner, string name, long start, long count)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, inner.Dimension - start);
        (_inner, _start, Name, Dimension) = (inner, start, $"{inner.Name} of {name}", count);
        _wide = Vector.Zeros(inner.Dimension, inner.ElementType, inner.Device);
        _product = _wide.ZerosLike();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Dimension { get; }

    /// <inheritdoc/>
    public ElementType ElementType => _inner.ElementType;

    /// <inheritdoc/>
    public Device Device => _inner.Device;

    /// <inheritdoc/>
    public long Products => _inner.Products;

    /// <inheritdoc/>
    public double CancellationScale => _inner.CancellationScale;

    /// <inheritdoc/>
    public void Apply(Vector v, Vector result)
    {
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(result);

        // Outside the block _wide is zero from its creation on.
        _wide.CopyRange(_start, v, 0, Dimension);
        _inner.Apply(_wide, _product);
        result.CopyRange(0, _product, _start, Dimension);
    }

    /// <summary>Frees the scratch vectors.</summary>
    public void Dispose()
    {
        _wide.Dispose();
        _product.Dispose();
    }
}
