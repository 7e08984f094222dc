using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// Lanczos without reorthogonalisation, for densities of operators whose basis does not fit into memory.
/// </summary>
/// <remarks>
/// Papyan 2019, "The Full Spectrum of Deepnet Hessians at Scale", algorithm 2 (FastLanczos): the three-term recurrence
/// alone. Memory: three vectors whatever the number of steps. What it costs: once a Ritz value has converged, rounding
/// brings its eigenvalue back, and T gets more copies of it, called ghosts. The weights of the copies sum to the weight
/// that the eigenvalue has in the density (Greenbaum 1989: T is what exact Lanczos gives for a matrix whose eigenvalues
/// are tight clusters around those of A), so the density stays right; a count of Ritz values is not a count of
/// eigenvalues any more, and none beyond the two ends is reported. For eigenvalues in order within a fixed memory take
/// <see cref="ExtremalEigenpairs"/>.
/// </remarks>
public static class FastLanczos
{
    // Paige 1980, "Accuracy and effectiveness of the Lanczos algorithm for the symmetric eigenproblem": without
    // orthogonality some eigenvalue still lies within two and a half times the residual bound and rounding.
    private const double PaigeFactor = 2.5;

    /// <summary>
    /// Runs from <paramref name="start"/> until the steps are done or the subspace is invariant, whichever comes first.
    /// </summary>
    /// <param name="symmetric">A.</param>
    /// <param name="start">[P], not zero; unchanged, its length does not matter. For an unbiased density take
    /// <see cref="IsotropicStart"/>.</param>
    /// <param name="options">How far to go; there is no basis, so what is said of it does not apply.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The start vector is zero or does not fit the operator, or no steps are asked
    /// for.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FastLanczosResult Run(
        ISymmetricOperator symmetric,
        Vector start,
        LanczosOptions? options = null,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        ArgumentNullException.ThrowIfNull(start);
        options ??= new LanczosOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1, nameof(options));
        var norm = LanczosStart.RequireUsable(symmetric, start);

        var alpha = new List<double>(options.Steps);
        var beta = new List<double>(options.Steps);
        var scale = 0.0;
        var invariant = false;
        var previous = start.ZerosLike();
        var current = start.Clone();
        var work = start.ZerosLike();
        try
        {
            current.Scale(1 / norm);
            while (alpha.Count < options.Steps && !invariant)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var lastBeta = beta.Count == 0 ? 0 : beta[^1];
                symmetric.Apply(current, work);
                work.Add(previous, -lastBeta);
                alpha.Add(RequireFinite(work.Dot(current), symmetric, alpha.Count + 1, "alpha"));
                work.Add(current, -alpha[^1]);
                beta.Add(RequireFinite(work.Norm(), symmetric, alpha.Count, "beta"));
                scale = Math.Max(
                    Math.Max(scale, symmetric.CancellationScale),
                    lastBeta + Math.Abs(alpha[^1]) + beta[^1]
                );
                invariant =
                    beta[^1] <= (options.BreakdownTolerance ?? Precision.Product(symmetric.ElementType)) * scale;
                if (beta[^1] > 0)
                {
                    work.Scale(1 / beta[^1]);
                }

                (previous, current, work) = (current, work, previous);
                progress?.Report(new LanczosProgress(alpha.Count, options.Steps, alpha[^1], beta[^1]));
            }
        }
        finally
        {
            previous.Dispose();
            current.Dispose();
            work.Dispose();
        }

        return Summarise(
            [.. alpha],
            [.. beta],
            symmetric.Dimension,
            Precision.Product(symmetric.ElementType) * scale,
            invariant
        );
    }

    private static FastLanczosResult Summarise(
        double[] alpha,
        double[] beta,
        long dimension,
        double rounding,
        bool invariant
    )
    {
        var system = TridiagonalEigensolver.Solve(alpha, beta);
        var nodes = new List<double>();
        var weights = new List<double>();
        for (var i = 0; i < system.Count; i++)
        {
            var weight = system.First(i) * system.First(i);
            if (nodes.Count > 0 && nodes[^1] - system.Values[i] <= rounding)
            {
                // A ghost, as far as rounding can tell: one stem with the weight of both, at their centre of mass.
                var sum = weights[^1] + weight;
                nodes[^1] -= sum > 0 ? weight / sum * (nodes[^1] - system.Values[i]) : 0;
                weights[^1] = sum;
            }
            else
            {
                nodes.Add(system.Values[i]);
                weights.Add(weight);
            }
        }

        Estimate End(int i) =>
            new(system.Values[i], PaigeFactor * ((invariant ? 0 : Math.Abs(beta[^1] * system.Last(i))) + rounding));
        return new FastLanczosResult(
            SpectralDensity.Create(nodes, weights, dimension),
            End(0),
            End(system.Count - 1),
            alpha.Length,
            invariant
        );
    }

    private static double RequireFinite(double value, ISymmetricOperator symmetric, int step, string quantity) =>
        double.IsFinite(value) ? value : throw new NonFiniteException(symmetric.Name, step, quantity);
}
