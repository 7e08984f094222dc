using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using static CurvatureMonitor.Curvature.Tests.Spectra.PaperSpectraAssertions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The synthetic matrix of the suite.</summary>
public class PaperSyntheticTests
{
    [Fact]
    public void The_suites_synthetic_matrix_of_1000_where_five_steps_miss_what_thirty_find()
    {
        const int size = 1000;
        double[] eigenvalues =
        [
            .. Matrices.Uniform(1, 470, 0, 15),
            .. Matrices.Uniform(2, 20, 0, 60),
            .. Matrices.Uniform(3, 10, -10, 0),
            .. new double[500],
        ];
        double[] exact = [.. eigenvalues.OrderDescending()];
        using var symmetric = Matrices.Operator(Ensembles.Rotate(Matrices.Diagonal(eigenvalues), 3, 4));
        using var start = Vectors.StartFor(symmetric, 5);
        using var few = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 5 });
        using var many = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = Steps });
        var (coarse, fine) = (SpectralDensity.From(few), SpectralDensity.From(many));
        AssertNearExact(coarse, exact);
        AssertNearExact(fine, exact);

        // "Found": a Ritz value whose own error bar, narrower than half the mean distance 3 of the 20 eigenvalues drawn
        // from [0, 60], holds an exact one.
        double[] outliers = [.. exact.Where(value => value > 16)];
        int Found(LanczosDecomposition run, Func<double, bool> where) =>
            run.RitzPairs.Count(pair =>
                where(pair.Value)
                && pair.ResidualBound < 1.5
                && Matrices.DistanceToNearest(pair.Value, exact) <= pair.ResidualBound + 1e-9
            );

        // Five nodes for twelve outliers, ten negative eigenvalues, a bulk and a null space: nothing but the bulk can
        // have converged.
        Assert.Equal(12, outliers.Length);
        Assert.Equal(0, Found(few, value => value is > 16 or < -0.5));
        Assert.InRange(few.RitzPairs.Count(pair => pair.Value > 16), 1, 3);
        Assert.InRange(few.RitzPairs.Count(pair => pair.Value < -0.5), 0, 1);

        // Thirty: each outlier has a Ritz value of its own; the ten that are a third of the bulk's width 15 or more
        // away from it to 0.01, for Chebyshev's polynomials amplify such a one by e^(2/√3) = 3.2 a step, 10¹⁰ in the
        // twenty steps that the ten themselves leave, and its error falls with the square. And most of the negative
        // ones are found.
        for (var i = 0; i < outliers.Length; i++)
        {
            Assert.Equal(outliers[i], many.RitzPairs[i].Value, outliers[i] > 20 ? 0.01 : 0.5);
        }

        Assert.Equal(12, Found(many, value => value > 16));
        Assert.InRange(Found(many, value => value < -0.5), 5, 10);

        // The null space: the stem nearest zero weighs at least what it does in the start vector (Chebyshev, Markov and
        // Stieltjes), one half within four standard deviations, and beyond that the eigenvalues between it and its
        // neighbours, at most those within 2 of it: 2 · 470/15 + 3.
        var zeros = RankDegeneracy.Of(fine, OperatorKind.GaussNewton);
        var deviation = 4 * Math.Sqrt(2.0 / size * 0.25);
        Assert.Equal(0, zeros.Value, 0.1);
        Assert.InRange(zeros.Mass, 0.5 - deviation, 0.5 + deviation + 0.066);

        // And the shape of the bulk: quadrature errors go with the distance of the nodes, by a factor of six; what
        // sampling adds to both is far smaller.
        var reference = Stems(exact);
        Assert.True(
            SpectralDistance.Wasserstein(fine, reference) < 0.4 * SpectralDistance.Wasserstein(coarse, reference)
        );
    }
}
