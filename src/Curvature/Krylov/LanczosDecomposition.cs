using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>A V = V T + β_m v_{m+1} eᵀ_m with VᵀV = I: what m Lanczos steps know of A.</summary>
public sealed class LanczosDecomposition : IDisposable
{
    private readonly double[] _alpha;
    private readonly double[] _beta;
    private readonly Lazy<IReadOnlyList<RitzPair>> _pairs;
    private TridiagonalEigensystem? _eigenvectors;

    internal LanczosDecomposition(double[] alpha, double[] beta, Basis basis, Vector? next, double roundingBound)
    {
        _alpha = alpha;
        _beta = beta;
        Basis = basis;
        Next = next;
        RoundingBound = roundingBound;
        _pairs = new(ComputePairs);
    }

    /// <summary>m, the number of steps that were done.</summary>
    public int Steps => _alpha.Length;

    /// <summary>α_1 … α_m, the diagonal of T.</summary>
    public IReadOnlyList<double> Alpha => _alpha;

    /// <summary>β_1 … β_m: the off-diagonal of T, then the norm of the residual beyond the last step.</summary>
    public IReadOnlyList<double> Beta => _beta;

    /// <summary>V [P, m].</summary>
    public Basis Basis { get; }

    /// <summary>v_{m+1} [P], where the process would continue; null where the subspace is invariant.</summary>
    public Vector? Next { get; }

    /// <summary>
    /// Whether β_m is zero to rounding: every Ritz pair is an eigenpair then, and no more can be learned from this
    /// start vector.
    /// </summary>
    public bool InvariantSubspace => Next is null;

    /// <summary>
    /// How far rounding in the products may have moved any Ritz value: 100 units of rounding of the element type, times
    /// ‖T‖.
    /// </summary>
    public double RoundingBound { get; }

    /// <summary>The Ritz pairs, largest value first. Computed once, in O(m²).</summary>
    public IReadOnlyList<RitzPair> RitzPairs => _pairs.Value;

    /// <summary>
    /// A Ritz value with its error bar: the residual bound, but never less than what rounding may have done.
    /// </summary>
    /// <param name="index">Into <see cref="RitzPairs"/>.</param>
    public Estimate RitzValue(int index)
    {
        var pair = RitzPairs[index];
        return new Estimate(pair.Value, Math.Max(pair.ResidualBound, RoundingBound));
    }

    /// <summary>
    /// Overwrites <paramref name="destination"/> with the unit Ritz vector y_i = V s_i. The first call costs O(m³), the
    /// others O(mP).
    /// </summary>
    /// <param name="index">Into <see cref="RitzPairs"/>.</param>
    /// <param name="destination">[P].</param>
    public void RitzVector(int index, Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _eigenvectors ??= TridiagonalEigensolver.Solve(_alpha, _beta, vectors: true);
        Basis.Combine(_eigenvectors.Vector(index), destination);
    }

    /// <summary>
    /// Turns the basis into the unit Ritz vectors of the pairs at <paramref name="indices"/>, in place. Nothing else
    /// may be asked for afterwards.
    /// </summary>
    internal void RotateToRitzVectors(int[] indices)
    {
        var system = TridiagonalEigensolver.Solve(_alpha, _beta, vectors: true);
        var rotation = new double[Steps * indices.Length];
        for (var j = 0; j < indices.Length; j++)
        {
            var vector = system.Vector(indices[j]);
            for (var i = 0; i < Steps; i++)
            {
                rotation[(i * indices.Length) + j] = vector[i];
            }
        }

        Basis.Rotate(rotation, indices.Length);
    }

    /// <summary>Frees the basis.</summary>
    public void Dispose()
    {
        Basis.Dispose();
        Next?.Dispose();
    }

    private RitzPair[] ComputePairs()
    {
        var system = TridiagonalEigensolver.Solve(_alpha, _beta);
        var pairs = new RitzPair[system.Count];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new RitzPair(system.Values[i], Math.Abs(_beta[^1] * system.Last(i)), system.First(i));
        }

        return pairs;
    }
}
