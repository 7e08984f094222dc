namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// Eigenvalues of a symmetric tridiagonal matrix T [m, m], largest first, and as much of its eigenvectors s_i as was
/// asked for.
/// </summary>
public sealed class TridiagonalEigensystem
{
    private readonly double[] _values;
    private readonly double[] _components;
    private readonly int[] _order;
    private readonly int _stride;

    // components: vector after vector in the solver's order, `stride` entries each: first and last one (2), or all (m).
    internal TridiagonalEigensystem(double[] values, double[] components, int stride)
    {
        _order = new int[values.Length];
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        Array.Sort(values, _order);
        Array.Reverse(values);
        Array.Reverse(_order);
        _values = values;
        _components = components;
        _stride = stride;
    }

    /// <summary>m.</summary>
    public int Count => _values.Length;

    /// <summary>The eigenvalues, largest first.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Whether the eigenvectors are here in full.</summary>
    public bool HasVectors => _stride == Count;

    /// <summary>s_{1,i}, the first entry of eigenvector <paramref name="index"/>.</summary>
    public double First(int index) => _components[_order[index] * _stride];

    /// <summary>s_{m,i}, the last entry of eigenvector <paramref name="index"/>.</summary>
    public double Last(int index) => _components[(_order[index] * _stride) + _stride - 1];

    /// <summary>The unit eigenvector s_i [m] of the eigenvalue at <paramref name="index"/>.</summary>
    /// <exception cref="InvalidOperationException">Only the first and last entries were computed.</exception>
    public ReadOnlySpan<double> Vector(int index) =>
        HasVectors
            ? _components.AsSpan(_order[index] * _stride, _stride)
            : throw new InvalidOperationException(
                "the eigenvectors were not asked for, only their first and last entries"
            );
}
