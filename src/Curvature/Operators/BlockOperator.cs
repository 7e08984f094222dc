using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>
/// A diagonal block of A: some of its rows and the same columns, such as those of one module. Its extremal eigenvalues
/// lie between those of A (Cauchy interlacing). An application costs one product of A.
/// </summary>
public sealed class BlockOperator : ISymmetricOperator, IDisposable
{
    private readonly ISymmetricOperator _inner;
    private readonly List<(long Start, long Count)> _ranges = [];
    private readonly Vector _wide;
    private readonly Vector _product;

    /// <summary>Cuts the block out.</summary>
    /// <param name="inner">A [P × P]; stays its creator's to dispose.</param>
    /// <param name="name">What the block is of: a module.</param>
    /// <param name="ranges">The parameters of the block, by first parameter and number, in A's order and without
    /// overlap; 1 parameter at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block lies outside A, or is empty.</exception>
    public BlockOperator(ISymmetricOperator inner, string name, params IEnumerable<(long Start, long Count)> ranges)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(ranges);
        (_inner, Name) = (inner, $"{inner.Name} of {name}");
        foreach (var (start, count) in ranges)
        {
            Add(start, count);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Dimension, 1, nameof(ranges));
        _wide = Vector.Zeros(inner.Dimension, inner.ElementType, inner.Device);
        _product = _wide.ZerosLike();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Dimension { get; private set; }

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
        long place = 0;
        foreach (var (start, count) in _ranges)
        {
            _wide.CopyRange(start, v, place, count);
            place += count;
        }

        _inner.Apply(_wide, _product);
        place = 0;
        foreach (var (start, count) in _ranges)
        {
            result.CopyRange(place, _product, start, count);
            place += count;
        }
    }

    /// <summary>Frees the scratch vectors.</summary>
    public void Dispose()
    {
        _wide.Dispose();
        _product.Dispose();
    }

    // Neighbours are one range: fewer copies a product.
    private void Add(long start, long count)
    {
        var (before, length) = _ranges.Count > 0 ? _ranges[^1] : (0, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(start, before + length);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _inner.Dimension - start);
        Dimension += count;
        if (_ranges.Count > 0 && before + length == start)
        {
            _ranges[^1] = (before, length + count);
        }
        else
        {
            _ranges.Add((start, count));
        }
    }
}
