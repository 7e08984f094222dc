using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>A Lanczos factorisation that grows step by step: A V = V T + β_m v_{m+1} eᵀ_m with VᵀV = I.</summary>
/// <remarks>
/// Deep Curvature Suite, algorithm 1, with two reorthogonalisation passes. Nothing is allocated a step: three vectors
/// take turns as v_{j−1}, v_j and w. A restart shrinks V to some of its Ritz space in place, so that m never exceeds
/// the capacity; T stays tridiagonal (<see cref="ArrowheadReduction"/>). Invariant: the basis holds v_1 … v_j for the
/// step j that comes next, so between steps it has one vector more than T has rows, except after an invariant subspace
/// was found or when the basis is full.
/// </remarks>
internal sealed class LanczosProcess : IDisposable
{
    /// <summary>Vectors that a process holds beside its basis.</summary>
    internal const int WorkVectors = 3;

    private readonly ISymmetricOperator _operator;
    private readonly double[] _alpha;
    private readonly double[] _beta;
    private readonly double _tolerance;
    private Vector? _previous;
    private Vector? _current;
    private Vector? _work;
    private Basis? _basis;
    private double _norm;

    /// <summary>
    /// Starts from <paramref name="start"/>, which is normalised and belongs to the process from now on, also when this
    /// throws.
    /// </summary>
    internal LanczosProcess(
        ISymmetricOperator symmetric,
        Vector start,
        int capacity,
        double? breakdownTolerance,
        long deviceBytes
    )
    {
        _current = start;
        _operator = symmetric;
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
            _tolerance = breakdownTolerance ?? Precision.Product(symmetric.ElementType);
            Capacity = (int)Math.Min(capacity, symmetric.Dimension);
            _alpha = new double[Capacity];
            _beta = new double[Capacity];
            start.Scale(1 / LanczosStart.RequireUsable(symmetric, start));
            _previous = start.ZerosLike();
            _work = start.ZerosLike();
            var onHost =
                symmetric.Device.IsCuda
                && Precision.Bytes(symmetric.ElementType) * symmetric.Dimension * Capacity > deviceBytes;
            _basis = new Basis(symmetric.Dimension, Capacity, symmetric.ElementType, symmetric.Device, onHost);
            _basis.Append(start);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Rows that T can have; the basis has room for so many vectors.</summary>
    internal int Capacity { get; }

    /// <summary>m, rows of T.</summary>
    internal int Size { get; private set; }

    /// <summary>Steps done, which after a restart are more than T has rows.</summary>
    internal int Steps { get; private set; }

    /// <summary>
    /// Whether V was restarted: what is left then of the start vector is unknown, and first components mean nothing.
    /// </summary>
    internal bool Restarted { get; private set; }

    internal bool InvariantSubspace { get; private set; }

    internal ReadOnlySpan<double> Alpha => _alpha.AsSpan(0, Size);

    internal ReadOnlySpan<double> Beta => _beta.AsSpan(0, Size);

    internal bool CanStep => Size < Capacity && !InvariantSubspace;

    /// <summary>‖T‖ in the maximum row sum, or the size of what cancelled in the products if that is larger.</summary>
    internal double Scale => Math.Max(_norm, _operator.CancellationScale);

    /// <summary>How far rounding in the products may move a Ritz value.</summary>
    internal double RoundingBound => Precision.Product(_operator.ElementType) * Scale;

    /// <summary>One product, one new row of T.</summary>
    internal void Step()
    {
        var (basis, previous, current, work) = Parts();
        if (!CanStep)
        {
            throw new InvalidOperationException("the basis is full or the subspace invariant: restart first");
        }

        var j = Size;
        var lastBeta = j == 0 ? 0 : _beta[j - 1];
        _operator.Apply(current, work);
        if (lastBeta != 0)
        {
            work.Add(previous, -lastBeta);
        }

        var alpha = RequireFinite(work.Dot(current), Steps, "alpha");
        work.Add(current, -alpha);
        basis.Orthogonalise(work);
        basis.Orthogonalise(work);
        var beta = RequireFinite(work.Norm(), Steps, "beta");

        _alpha[j] = alpha;
        _beta[j] = beta;
        _norm = Math.Max(_norm, lastBeta + Math.Abs(alpha) + beta);
        Size++;
        Steps++;

        // After P steps the basis spans everything: what is left of w is rounding, whatever its size.
        InvariantSubspace = Size == _operator.Dimension || beta <= _tolerance * Scale;
        if (beta > 0)
        {
            work.Scale(1 / beta);
        }

        (_previous, _current, _work) = (current, work, previous);
        if (CanStep)
        {
            basis.Append(work);
        }
    }

    /// <summary>
    /// Shrinks V to the span of the chosen Ritz vectors and continues from the same residual direction: a thick
    /// restart.
    /// </summary>
    /// <param name="system">The eigensystem of T, in full.</param>
    /// <param name="kept">Which pairs stay, fewer than there is room for.</param>
    internal void Restart(TridiagonalEigensystem system, ReadOnlySpan<int> kept)
    {
        var (basis, previous, current, _) = Parts();
        if (InvariantSubspace || kept.Length == 0 || kept.Length >= Capacity)
        {
            throw new InvalidOperationException(
                "a thick restart keeps some pairs, leaves room for more, and needs a residual to go on from"
            );
        }

        var values = new double[kept.Length];
        var couplings = new double[kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            values[i] = system.Values[kept[i]];
            couplings[i] = _beta[Size - 1] * system.Last(kept[i]);
        }

        var (diagonal, offDiagonal, rotation) = ArrowheadReduction.Reduce(values, couplings);
        Shrink(basis, system, kept, rotation);
        diagonal.CopyTo(_alpha, 0);
        offDiagonal.CopyTo(_beta, 0);
        basis.CopyColumn(Size - 1, previous);
        basis.Append(current);
    }

    /// <summary>
    /// Shrinks V to the chosen Ritz vectors, drops what couples them to the rest of the space, and continues in a
    /// random direction.
    /// </summary>
    /// <returns>The norm of the dropped coupling: by so much, at most, T is now wrong about any eigenvalue.</returns>
    /// <param name="system">The eigensystem of T, in full.</param>
    /// <param name="kept">Which pairs stay, fewer than there is room for.</param>
    /// <param name="seed">Seed of the direction.</param>
    internal double Deflate(TridiagonalEigensystem system, ReadOnlySpan<int> kept, long seed)
    {
        var basis = Parts().Basis;
        var square = 0.0;
        var values = new double[kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            values[i] = system.Values[kept[i]];
            square += Math.Pow(_beta[Size - 1] * system.Last(kept[i]), 2);
        }

        Shrink(basis, system, kept, null);
        values.CopyTo(_alpha, 0);
        _beta.AsSpan(0, Size).Clear();
        InvariantSubspace = true;
        LeaveInvariantSubspace(seed);
        return Math.Sqrt(square);
    }

    /// <summary>
    /// Leaves an invariant subspace by a random direction orthogonal to it. T becomes block diagonal; this is how
    /// repeated eigenvalues are found, each of which a single Krylov space holds once. The coupling that rounding left
    /// is dropped.
    /// </summary>
    internal void LeaveInvariantSubspace(long seed)
    {
        var (basis, previous, current, _) = Parts();
        if (!InvariantSubspace || Size == Capacity)
        {
            throw new InvalidOperationException(
                "only an invariant subspace with room for another vector is left by a random direction"
            );
        }

        IsotropicStart.Fill(current, seed);
        for (var pass = 0; pass < 3; pass++)
        {
            basis.Orthogonalise(current);
            current.Scale(1 / current.Norm());
        }

        _beta[Size - 1] = 0;
        previous.Fill(0);
        basis.Append(current);
        InvariantSubspace = false;
    }

    /// <summary>Hands basis, T and v_{m+1} over; this process is finished with.</summary>
    internal LanczosDecomposition Finish()
    {
        var (basis, previous, current, work) = Parts();
        basis.Truncate(Size);
        previous.Dispose();
        work.Dispose();
        var exact = InvariantSubspace;
        if (exact)
        {
            current.Dispose();
        }

        (_basis, _previous, _current, _work) = (null, null, null, null);
        return new LanczosDecomposition(Alpha.ToArray(), Beta.ToArray(), basis, exact ? null : current, RoundingBound);
    }

    public void Dispose()
    {
        _previous?.Dispose();
        _current?.Dispose();
        _work?.Dispose();
        _basis?.Dispose();
        (_basis, _previous, _current, _work) = (null, null, null, null);
    }

    // V ← V S U, with S the chosen eigenvectors of T.
    private void Shrink(Basis basis, TridiagonalEigensystem system, ReadOnlySpan<int> kept, double[]? rotation)
    {
        var k = kept.Length;
        var product = new double[Size * k];
        for (var l = 0; l < k; l++)
        {
            var vector = system.Vector(kept[l]);
            for (var i = 0; i < Size; i++)
            {
                if (rotation is null)
                {
                    product[(i * k) + l] = vector[i];
                    continue;
                }

                for (var j = 0; j < k; j++)
                {
                    product[(i * k) + j] += vector[i] * rotation[(l * k) + j];
                }
            }
        }

        basis.Truncate(Size);
        basis.Rotate(product, k);
        Size = k;
        Restarted = true;
    }

    private double RequireFinite(double value, int step, string quantity) =>
        double.IsFinite(value) ? value : throw new NonFiniteException(_operator.Name, step + 1, quantity);

    private (Basis Basis, Vector Previous, Vector Current, Vector Work) Parts() =>
        (_basis ?? throw new ObjectDisposedException(nameof(LanczosProcess)), _previous!, _current!, _work!);
}
