using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// The variance of wᵀA w over Rademacher vectors z, w = Πz, from the products that the trace is estimated with:
/// 2(‖B‖²_F − Σ B_kk²) with B = ΠAΠ (Avron and Toledo 2011, lemma 9), ‖B‖²_F being the mean of ‖ΠA w‖².
/// </summary>
/// <remarks>
/// The spread of few values of wᵀA w is a poor measure of it: where few eigenvalues dominate, the values lean to the
/// right, and a mean that is too small by chance comes with a spread that is too small. The mean of ‖ΠA w‖² varies
/// less, for every product sees the whole matrix. The squared diagonal comes from pairs of different probes, which
/// makes it unbiased: with d_p = z_p ⊙ ΠA w_p, E[d_pᵀd_q] = Σ B_kk² for p ≠ q.
/// </remarks>
internal sealed class ProbeVariance(Vector like, IReadOnlyList<TensorSlot> layers, Basis? basis) : IDisposable
{
    private readonly Vector _signs = like.ZerosLike();
    private readonly Vector _projected = like.ZerosLike();
    private readonly Vector _sum = like.ZerosLike();
    private readonly double[] _layerSquares = new double[layers.Count];
    private readonly double[] _layerOwn = new double[layers.Count];
    private double _squares;
    private double _own;
    private int _probes;

    /// <summary>Keeps z, before it is projected.</summary>
    internal void Keep(Vector signs) => _signs.CopyFrom(signs);

    /// <summary>Takes the product A w of the z that was kept last.</summary>
    internal void Add(Vector product)
    {
        _probes++;
        Accumulate(_layerSquares, product);
        _projected.CopyFrom(product);
        basis?.Orthogonalise(_projected);
        _squares += _projected.Dot(_projected);
        _projected.Multiply(_signs);
        _own += _projected.Dot(_projected);
        Accumulate(_layerOwn, _projected);
        _sum.Add(_projected, 1);
    }

    /// <summary>The standard error of the mean of wᵀA w.</summary>
    /// <param name="values">The values.</param>
    internal double Trace(RunningMoments values)
    {
        var diagonal = OfPairs(_sum.Dot(_sum), _own);
        var square = _squares / _probes;
        return IsKnown(diagonal, square) ? Math.Sqrt(2 * (square - diagonal) / _probes) : SmallSample.ErrorOf(values);
    }

    /// <summary>
    /// The standard errors of the means of w_lᵀ(A w)_l for blocks l of one or more layers. The variance of one value is
    /// 2(‖C‖²_F − Σ C_kk²) with C the symmetric part of ΠE_l AΠ, E_l the entries of the block. Since 2‖C‖²_F = ‖E_l
    /// A‖²_F + ‖A_ll‖²_F up to the deflation, it lies between one and two times ‖E_l A‖²_F − Σ A_kk², and the spread of
    /// the values says where.
    /// </summary>
    /// <param name="values">The values of every block.</param>
    /// <param name="blocks">The layers of every block.</param>
    internal double[] Blocks(IReadOnlyList<RunningMoments> values, IReadOnlyList<IReadOnlyList<int>> blocks)
    {
        var sums = LayerSums.Dots(_sum, _sum, layers);
        var errors = new double[values.Count];
        for (var i = 0; i < errors.Length; i++)
        {
            var diagonal = OfPairs(LayerSums.Of(sums, blocks[i]), LayerSums.Of(_layerOwn, blocks[i]));
            var square = LayerSums.Of(_layerSquares, blocks[i]) / _probes;
            var least = Math.Sqrt((square - diagonal) / _probes);
            var spread = SmallSample.ErrorOf(values[i]);
            errors[i] = IsKnown(diagonal, square) ? Math.Clamp(spread, least, Math.Sqrt(2) * least) : spread;
        }

        return errors;
    }

    public void Dispose()
    {
        _signs.Dispose();
        _projected.Dispose();
        _sum.Dispose();
    }

    private void Accumulate(double[] sums, Vector values)
    {
        var dots = LayerSums.Dots(values, values, layers);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += dots[i];
        }
    }

    // Of a matrix that is nearly diagonal the two squares cancel, and the spread of the values is all that is known.
    private static bool IsKnown(double diagonal, double square) => diagonal < square / 2;

    private double OfPairs(double squareOfSum, double own) =>
        Math.Max(0, (squareOfSum - own) / (_probes * (_probes - 1.0)));
}
