using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>A Lanczos factorisation that grows step by step: A V = V T + β_m v_{m+1} eᵀ_m with VᵀV = I.</summary>
/// <remarks>
/// Deep Curvature Suite, algorithm 1, with two reorthogonalisation passes. Nothing is allocated a step: three vectors take turns as v_{j−1}, v_j and w.
/// Invariant: the basis holds v_1 … v_j for the step j that comes next, so between steps it has one vector more than steps were done, except after an
/// invariant subspace was found or when the last step was done.
/// </remarks>
internal sealed class LanczosProcess : IDisposable
{
    private readonly ISymmetricOperator _operator;
    private readonly double[] _alpha;
    private readonly double[] _beta;
    private readonly double _tolerance;
    private Vector? _previous;
    private Vector? _current;
    private Vector? _work;
    private Basis? _basis;
    private double _norm;

    /// <summary>Starts from <paramref name="start"/>, which is copied and normalised.</summary>
    internal LanczosProcess(ISymmetricOperator symmetric, Vector start, int maximumSteps, double? breakdownTolerance)
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumSteps, 1);
        if (start.Length != symmetric.Dimension || start.ElementType != symmetric.ElementType)
        {
            throw new ArgumentException(
                $"the start vector ({start.Length} {start.ElementType}) does not fit the operator ({symmetric.Dimension} {symmetric.ElementType})",
                nameof(start));
        }

        _operator = symmetric;
        _tolerance = breakdownTolerance ?? Precision.Product(symmetric.ElementType);
        MaximumSteps = (int)Math.Min(maximumSteps, symmetric.Dimension);
        _alpha = new double[MaximumSteps];
        _beta = new double[MaximumSteps];

        var norm = start.Norm();
        if (!double.IsFinite(norm))
        {
            throw new NonFiniteException(symmetric.Name, 0, "the start vector");
        }

        if (norm == 0)
        {
            throw new ArgumentException("the start vector is zero; any other will do", nameof(start));
        }

        _basis = new Basis(symmetric.Dimension, MaximumSteps, symmetric.ElementType, symmetric.Device);
        _previous = start.ZerosLike();
        _work = start.ZerosLike();
        _current = start.Clone();
        _current.Scale(1 / norm);
        _basis.Append(_current);
    }

    internal int MaximumSteps { get; }

    internal int Steps { get; private set; }

    internal bool InvariantSubspace { get; private set; }

    internal ReadOnlySpan<double> Alpha => _alpha.AsSpan(0, Steps);

    internal ReadOnlySpan<double> Beta => _beta.AsSpan(0, Steps);

    internal bool CanStep => Steps < MaximumSteps && !InvariantSubspace;

    /// <summary>‖T‖ in the maximum row sum, or the size of what cancelled in the products if that is larger.</summary>
    internal double Scale => Math.Max(_norm, _operator.CancellationScale);

    /// <summary>How far rounding in the products may move a Ritz value.</summary>
    internal double RoundingBound => Precision.Product(_operator.ElementType) * Scale;

    /// <summary>One product, one new row of T.</summary>
    internal void Step()
    {
        var (basis, previous, current, work) = Parts();
        var j = Steps;
        var lastBeta = j == 0 ? 0 : _beta[j - 1];
        _operator.Apply(current, work);
        if (lastBeta != 0)
        {
            work.Add(previous, -lastBeta);
        }

        var alpha = RequireFinite(work.Dot(current), j, "alpha");
        work.Add(current, -alpha);
        basis.Orthogonalise(work);
        basis.Orthogonalise(work);
        var beta = RequireFinite(work.Norm(), j, "beta");

        _alpha[j] = alpha;
        _beta[j] = beta;
        _norm = Math.Max(_norm, lastBeta + Math.Abs(alpha) + beta);
        Steps++;

        // After P steps the basis spans everything: what is left of w is rounding, whatever its size.
        InvariantSubspace = Steps == _operator.Dimension || beta <= _tolerance * Scale;
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
    /// Leaves an invariant subspace by a random direction orthogonal to it. T becomes block diagonal; this is how repeated eigenvalues are found, each
    /// of which a single Krylov space holds once. The coupling that rounding left is dropped.
    /// </summary>
    internal void Restart(long seed)
    {
        var (basis, previous, current, _) = Parts();
        if (!InvariantSubspace || Steps == MaximumSteps)
        {
            throw new InvalidOperationException("only an invariant subspace with room for another vector is left by a restart");
        }

        IsotropicStart.Fill(current, seed);
        for (var pass = 0; pass < 3; pass++)
        {
            basis.Orthogonalise(current);
            current.Scale(1 / current.Norm());
        }

        _beta[Steps - 1] = 0;
        previous.Fill(0);
        basis.Append(current);
        InvariantSubspace = false;
    }

    /// <summary>Hands basis, T and v_{m+1} over; this process is finished with.</summary>
    internal LanczosDecomposition Finish()
    {
        var (basis, previous, current, work) = Parts();
        basis.Truncate(Steps);
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

    private double RequireFinite(double value, int step, string quantity) =>
        double.IsFinite(value) ? value : throw new NonFiniteException(_operator.Name, step + 1, quantity);

    private (Basis Basis, Vector Previous, Vector Current, Vector Work) Parts() =>
        (_basis ?? throw new ObjectDisposedException(nameof(LanczosProcess)), _previous!, _current!, _work!);
}
