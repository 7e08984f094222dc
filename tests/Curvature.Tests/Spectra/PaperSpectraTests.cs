using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;
using MathNet.Numerics.Distributions;
using static CurvatureMonitor.Curvature.Tests.Spectra.PaperSpectraAssertions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>
/// The synthetic spectra of the papers (Deep Curvature Suite, appendix E), measured by Lanczos and
/// held against what is known of them.
/// </summary>
public class PaperSpectraTests
{
    [Theory]
    [InlineData(225)]
    [InlineData(2000)]
    public void Wigner_semicircle_from_one_probe_and_thirty_steps(int size)
    {
        // P = 225: a dense Gaussian matrix and its eigenvalues by MathNet. P = 2000: the tridiagonal form of one, made
        // dense by rotations, whose eigenvalues cost O(P²).
        double[,] matrix;
        double[] exact;
        if (size < 1000)
        {
            matrix = Ensembles.Goe(size, 7);
            exact = Matrices.Eigenvalues(matrix);
        }
        else
        {
            var form = Ensembles.GoeTridiagonal(size, 7);
            exact = TridiagonalEigensolver.Solve(form.Diagonal, form.OffDiagonal).Values.ToArray();
            matrix = Ensembles.Dense(form, size, 8);
        }

        using var symmetric = Matrices.Operator(matrix);
        var law = new WignerSemicircle();
        AssertLawHolds(exact, law);
        var density = Measure(symmetric, 11, Steps);
        AssertNearExact(density, exact);
        AssertNearLaw(density, law);

        // The Jacobi matrix of the semicircle has α = 0 and β = 1; for P dimensions α_j ~ N(0, 2/P) and β_j ~
        // χ_{P−j}/√P (Dumitriu and Edelman).
        AssertEdges(
            density,
            [.. Enumerable.Repeat(0.0, Steps)],
            [.. Enumerable.Repeat(1.0, Steps - 1)],
            2.0 / size,
            0.5 / size,
            0.5 * Steps / size
        );
        AssertWithinSupport(density, exact);
    }

    [Theory]
    [InlineData(225, 0.5)]
    [InlineData(225, 2.0)]
    [InlineData(2000, 0.5)]
    [InlineData(2000, 2.0)]
    public void Marchenko_Pastur_from_one_probe_and_thirty_steps(int size, double ratio)
    {
        var samples = (int)(size / ratio);
        var law = new MarchenkoPastur(size / (double)samples);
        double[] exact;
        double[,] matrix;
        if (size < 1000)
        {
            using var covariance = new Ensembles.SampleCovariance(size, samples, 1_000_005);
            matrix = Formed(covariance);
            exact = Matrices.Eigenvalues(matrix);
        }
        else
        {
            var form = Ensembles.WishartTridiagonal(size, samples, 5);
            double[] positive = TridiagonalEigensolver.Solve(form.Diagonal, form.OffDiagonal).Values.ToArray();
            exact = [.. positive, .. Enumerable.Repeat(0.0, size - positive.Length)];
            matrix = Ensembles.Dense(form, size, 6);
        }

        using var symmetric = Matrices.Operator(matrix);
        AssertLawHolds(exact, law);
        var density = Measure(symmetric, 12, Steps);
        AssertNearExact(density, exact);
        AssertNearLaw(density, law);
        AssertWithinSupport(density, exact);

        // From B Bᵀ/T with squared entries χ²_{T−j}/T and χ²_{P−j}/T: α = 1 + q (1 for the first), β = √q; relative to
        // those, their variances are 2/T each. With an atom at zero one node goes there and the rest are those of the
        // continuous part.
        var q = law.Ratio;
        double[] alpha = [1, .. Enumerable.Repeat(1 + q, Steps - 1)];
        double[] beta = [.. Enumerable.Repeat(Math.Sqrt(q), Steps - 1)];
        var drift = Steps / (2.0 * samples) * Math.Pow(1 + Math.Sqrt(q), 2) / Math.Sqrt(q);
        AssertEdges(density, alpha, beta, 4 * (1 + q) / samples, (1 + q) / samples, drift);
        if (ratio > 1)
        {
            // Zero is apart from the continuous part by its lower edge, so its Ritz value has converged (Kaniel and
            // Paige: by 1/T₂₉(x)², x = 1.06 away).
            var zeros = RankDegeneracy.Of(density, OperatorKind.GaussNewton);
            Assert.Equal(0, zeros.Value, 1e-6);
            Assert.Equal(law.MassAtZero, zeros.Mass, 4 * Math.Sqrt(2.0 / size * law.MassAtZero * (1 - law.MassAtZero)));
        }
    }

    [Fact]
    public void The_lanczos_coefficients_of_a_gaussian_matrix_of_2000_are_those_of_its_tridiagonal_form()
    {
        // Dumitriu and Edelman 2002, theorem 2.12: for any start vector independent of the matrix, α_j ~ N(0, 2/P) and
        // Pβ_j² ~ χ²_{P−j}, all independent.
        const int size = 2000;
        using var symmetric = Matrices.Operator(Ensembles.Goe(size, 3));
        using var start = Vectors.StartFor(symmetric, 4);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = Steps });
        var squares =
            decomposition.Alpha.Sum(alpha => alpha * alpha * size / 2)
            + decomposition
                .Beta.Select((beta, j) => Math.Pow((size * beta * beta) - (size - j - 1), 2) / (2 * (size - j - 1.0)))
                .Sum();
        Assert.InRange(squares, ChiSquared.InvCDF(2 * Steps, 1e-4), ChiSquared.InvCDF(2 * Steps, 1 - 1e-4));
        AssertNearLaw(SpectralDensity.From(decomposition), new WignerSemicircle());
        Assert.Equal(0, BulkAndOutliers.Of(SpectralDensity.From(decomposition)).Count);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void Marchenko_Pastur_of_a_matrix_of_2000_with_independent_entries(double ratio)
    {
        // X itself, 2000 x 4000 and 2000 x 1000, against the law alone.
        using var symmetric = new Ensembles.SampleCovariance(2000, (int)(2000 / ratio), 1_000_000);
        var density = Measure(symmetric, 1, Steps);
        AssertNearLaw(density, new MarchenkoPastur(ratio));
        Assert.Empty(BulkAndOutliers.Of(density).Above);
    }

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

    private static double[,] Formed(Ensembles.SampleCovariance symmetric)
    {
        var size = (int)symmetric.Dimension;
        var matrix = new double[size, size];
        using var unit = Vector.Zeros(size, ElementType.Float64, Device.Cpu);
        using var column = unit.ZerosLike();
        var entries = new double[size];
        for (var j = 0; j < size; j++)
        {
            Array.Clear(entries);
            entries[j] = 1;
            unit.CopyFrom(entries);
            symmetric.Apply(unit, column);
            column.CopyTo(entries);
            for (var i = 0; i <= j; i++)
            {
                matrix[i, j] = matrix[j, i] = entries[i];
            }
        }

        return matrix;
    }
}
