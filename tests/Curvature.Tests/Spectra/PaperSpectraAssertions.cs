using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Distances between the stems of one probe and an exact spectrum or a law, each with its bound.</summary>
/// <remarks>
/// Three sources of distance between the stems of one probe and the exact spectrum, each with its bound: (1)
/// quadrature: with F_v the distribution of A seen from the start vector, Σ_{i&lt;j} w_i ≤ F_v(θ_j) ≤ Σ_{i≤j} w_i
/// (Chebyshev, Markov and Stieltjes), a theorem; (2) sampling: the weights of the P eigenvalues in v are those of a
/// Dirichlet(½, …, ½) variable, so √(P/2)(F_v − F) is a Brownian bridge for large P, which exceeds 1.95 with
/// probability 2e^(−2·1.95²) = 0.1 % (Kolmogorov); (3) for a law: the counting function of P eigenvalues stays within
/// order ln P of P times the law (rigidity; Erdős and Yau), for which 2 ln P is taken.
/// </remarks>
internal static class PaperSpectraAssertions
{
    internal const int Steps = 30;

    internal static double Sampling(long dimension, int probes = 1) =>
        1.95 * Math.Sqrt(2.0 / (dimension * (double)probes));

    internal static double Rigidity(long dimension) => 2 * Math.Log(dimension) / dimension;

    internal static SpectralDensity Measure(ISymmetricOperator symmetric, long seed, int steps)
    {
        using var start = Vectors.StartFor(symmetric, seed);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
        return SpectralDensity.From(decomposition);
    }

    internal static SpectralDensity Stems(double[] exact) =>
        SpectralDensity.Create(exact, [.. exact.Select(_ => 1.0)], exact.Length);

    // Node by node: the exact share below θ_j lies between the weights before and up to node j, within the sampling
    // error. Then the first moments, and the Wasserstein distance, where quadrature adds at most the larger neighbour's
    // weight over each gap, and sampling √(2F(1 − F)/P) wherever F is.
    internal static void AssertNearExact(SpectralDensity density, double[] exact)
    {
        var size = exact.Length;
        var reference = Stems(exact);
        var scale = Matrices.NormOf(exact);
        var below = 0.0;
        for (var j = 0; j < density.Nodes.Count; j++)
        {
            // An eigenvalue to which the node has converged is on either side of it by rounding.
            Assert.True(
                reference.Cumulative(density.Nodes[j] - (1e-6 * scale)) <= below + density.Weights[j] + Sampling(size)
            );
            Assert.True(reference.Cumulative(density.Nodes[j] + (1e-6 * scale)) >= below - Sampling(size));
            below += density.Weights[j];
        }

        for (var k = 1; k <= Math.Min(8, (2 * density.Nodes.Count) - 1); k++)
        {
            var order = k;
            var (mean, square) = (exact.Average(x => Math.Pow(x, order)), exact.Average(x => Math.Pow(x, 2 * order)));
            Assert.Equal(mean, density.Moment(k), 4 * Math.Sqrt(2.0 / (size + 2) * (square - (mean * mean))));
        }

        var allowed =
            (Math.Max(0, exact[0] - density.Nodes[^1]) * density.Weights[^1])
            + (Math.Max(0, density.Nodes[0] - exact[^1]) * density.Weights[0]);
        for (var j = 1; j < density.Nodes.Count; j++)
        {
            allowed += (density.Nodes[j] - density.Nodes[j - 1]) * Math.Max(density.Weights[j], density.Weights[j - 1]);
        }

        for (var i = 1; i < size; i++)
        {
            var share = i / (double)size;
            allowed += (exact[i - 1] - exact[i]) * 2 * Math.Sqrt(2 * share * (1 - share) / size);
        }

        Assert.InRange(SpectralDistance.Wasserstein(density, reference), 0, allowed);
    }

    internal static void AssertNearLaw(SpectralDensity density, ISpectralLaw law)
    {
        var allowed = Sampling(density.Dimension) + Rigidity(density.Dimension);
        var scale = law.UpperEdge;
        var below = 0.0;
        for (var j = 0; j < density.Nodes.Count; j++)
        {
            // A node that has converged to an atom is on either side of it by rounding; the edges of finite matrices
            // fluctuate by P^(−2/3).
            var (node, near) = (density.Nodes[j], 1e-6 * scale);
            Assert.True(law.Cumulative(node - near) <= below + density.Weights[j] + allowed, $"node {j}");
            Assert.True(law.Cumulative(node + near) >= below - allowed, $"node {j}");

            // Where the density is smooth the mean of both limits is the trapezoidal rule in the angle, right to order
            // 1/m².
            if (law.Cumulative(node + near) - law.Cumulative(node - near) < 0.01)
            {
                Assert.Equal(law.Cumulative(node), below + (density.Weights[j] / 2), allowed + (4.0 / (Steps * Steps)));
            }

            below += density.Weights[j];
        }
    }

    internal static void AssertLawHolds(double[] exact, ISpectralLaw law)
    {
        var scale = law.UpperEdge;
        for (var i = 0; i < exact.Length; i++)
        {
            // Exactly `above` eigenvalues are larger; zeros of a computed spectrum are zero to rounding.
            Assert.InRange(
                law.Cumulative(exact[i] - (1e-9 * scale)),
                0,
                ((exact.Length - i) / (double)exact.Length) + Rigidity(exact.Length)
            );
            Assert.InRange(
                law.Cumulative(exact[i] + (1e-9 * scale)),
                ((exact.Length - i - 1) / (double)exact.Length) - Rigidity(exact.Length),
                1
            );
        }
    }

    // Ritz values never leave the spectrum (Cauchy), and near its ends they are where those of the law's own Jacobi
    // matrix are, within first-order perturbation: an end vector has entries s_j ≈ √(2/m) sin(πj/m), so δθ = Σ s_j²
    // δα_j + 2 Σ s_j s_{j+1} δβ_j has variance (1.5/m)(Var α + 4 Var β), to which α and β that are correlated add as
    // much again; their means drift from the law's by j/P.
    internal static void AssertEdges(
        SpectralDensity density,
        double[] alpha,
        double[] beta,
        double alphaVariance,
        double betaVariance,
        double drift
    )
    {
        var ideal = TridiagonalEigensolver.Solve(alpha, beta).Values;
        var allowed = (4 * Math.Sqrt(2 * 1.5 / Steps * (alphaVariance + (4 * betaVariance)))) + drift;
        Assert.Equal(ideal[0], density.Nodes[^1], allowed);
        Assert.Equal(ideal[^1], density.Nodes[0], allowed);
    }

    internal static void AssertWithinSupport(SpectralDensity density, double[] exact)
    {
        Assert.InRange(density.Nodes[^1], exact[^1], exact[0] + 1e-9);
        Assert.InRange(density.Nodes[0], exact[^1] - 1e-9, exact[0]);
    }
}
