using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;
using MathNet.Numerics.Distributions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>
/// The synthetic spectra of the papers (Deep Curvature Suite, appendix E; Papyan, figure 8), measured by Lanczos and
/// held against what is known of them.
/// </summary>
/// <remarks>
/// Three sources of distance between the stems of one probe and the exact spectrum, each with its bound: (1)
/// quadrature: with F_v the distribution of A seen from the start vector, Σ_{i&lt;j} w_i ≤ F_v(θ_j) ≤ Σ_{i≤j} w_i
/// (Chebyshev, Markov and Stieltjes), a theorem; (2) sampling: the weights of the P eigenvalues in v are those of a
/// Dirichlet(½, …, ½) variable, so √(P/2)(F_v − F) is a Brownian bridge for large P, which exceeds 1.95 with
/// probability 2e^(−2·1.95²) = 0.1 % (Kolmogorov); (3) for a law: the counting function of P eigenvalues stays within
/// order ln P of P times the law (rigidity; Erdős and Yau), for which 2 ln P is taken.
/// </remarks>
public class PaperSpectraTests
{
    private const int Steps = 30;

    private static double Sampling(long dimension, int probes = 1) =>
        1.95 * Math.Sqrt(2.0 / (dimension * (double)probes));

    private static double Rigidity(long dimension) => 2 * Math.Log(dimension) / dimension;

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
    public void Papyans_spiked_matrix_shows_three_outliers_where_theory_puts_them_and_the_bulk_beside_them()
    {
        // Y = X + Z Zᵀ/2000 with X = diag(5, 4, 3, 0, …).
        const int size = 2000;
        const int probes = 3;
        double[] diagonal = new double[size];
        (diagonal[0], diagonal[1], diagonal[2]) = (5, 4, 3);
        using var symmetric = new Ensembles.SampleCovariance(size, size, 1_000_021, diagonal);
        var law = new MarchenkoPastur(1);
        using var start = Vectors.StartFor(symmetric, 1);
        using var one = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = Steps });
        var density = SpectralDensity.From(one);

        // s + s/(s − 1): 6.25, 5.33, 4.5. Each fluctuates by at most √(2/P) times the noise's scale 1 (a quadratic form
        // in Gaussian vectors); four of those.
        double[] predicted = [.. new double[] { 5, 4, 3 }.Select(law.SpikeLocation)];
        Assert.Equal(25.0 / 4, predicted[0], 1e-12);
        var split = BulkAndOutliers.Of(density);
        Assert.Empty(split.Below);
        Assert.Equal(3, split.Above.Count);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(predicted[i], split.Above[i], 4 * Math.Sqrt(2.0 / size));

            // Thirty steps suffice: some exact eigenvalue is within the bound. The nearest to the bulk converges by
            // T₂₇(1.25)⁻² ≈ 10⁻¹⁵ of the norm, times tan² ≈ P, and its residual with the root of that.
            Assert.InRange(one.RitzPairs[i].ResidualBound, 0, 1e-4);
        }

        Assert.Equal(4, split.UpperEdge, 0.1);

        // Three eigenvalues apart from the law, by interlacing; then sampling and quadrature.
        var distance = SpectralDistance.Kolmogorov(density, law);
        Assert.InRange(distance, 0, density.Weights.Max() + Sampling(size) + Rigidity(size) + (3.0 / size));

        // Papyan's curve: M = 100, several probes, κ = 3.
        var densities = Enumerable
            .Range(0, probes)
            .Select(i => Measure(symmetric, IsotropicStart.ProbeSeed(50, i), 100))
            .ToArray();
        var average = SpectralDensity.Average(densities);
        var curve = GaussianSmoothing.Smooth(average);
        Assert.Equal(1024, curve.Points.Count);
        Assert.Equal(1, curve.Mass, 1e-3);
        var sigma = SpectralRange.Of(average).HalfWidth * GaussianSmoothing.NormalisedWidth(100);
        foreach (var outlier in split.Above)
        {
            // A bump of its own: higher at the outlier than three widths away on either side, with a mass that is a
            // mean of three χ²₁ over P.
            Assert.True(
                curve.At(outlier) > 10 * curve.At(outlier - (4 * sigma))
                    && curve.At(outlier) > 10 * curve.At(outlier + (4 * sigma))
            );
            var mass = average
                .Nodes.Zip(average.Weights)
                .Where(stem => Math.Abs(stem.First - outlier) < sigma)
                .Sum(stem => stem.Second);
            Assert.InRange(mass * size * probes, ChiSquared.InvCDF(probes, 1e-4), ChiSquared.InvCDF(probes, 1 - 1e-4));
        }

        // In the bulk a bump of width σ averages the weights of n = P·p·2√π·σ eigenvalues, each with relative variance
        // 2 a probe: the mean deviation of the curve is √(2/π)·p·√(2/(n·probes)). Twice that is allowed for what the
        // nodes' spacing adds.
        var (deviation, expected) = (0.0, 0.0);
        for (var i = 0; i < curve.Points.Count; i++)
        {
            if (curve.Points[i] is > 0.3 and < 3.7)
            {
                var p = law.Density(curve.Points[i]);
                deviation += Math.Abs(curve.Values[i] - p);
                expected +=
                    Math.Sqrt(2 / Math.PI) * p * Math.Sqrt(2 / (size * p * 2 * Math.Sqrt(Math.PI) * sigma * probes));
            }
        }

        Assert.InRange(deviation / expected, 0, 2);
    }

    [Fact]
    public void Papyans_power_law_log_spectrum()
    {
        // Y = Z Zᵀ/1000, Z [500, 1000] Pareto with index 1. (The paper calls Y 1000 x 1000; Z Zᵀ is 500 x 500, and its
        // other form has 500 zeros besides.)
        const int size = 500;
        const int probes = 10;
        var random = new Random(17);
        var z = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(size, 1000, (_, _) =>
            1 / (1 - random.NextDouble())
        );
        var y = z.TransposeAndMultiply(z) / 1000;
        var matrix = ((y + y.Transpose()) / 2).ToArray();
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix);
        var density = SpectralDensity.Average([
            .. Enumerable.Range(0, probes).Select(i => Measure(symmetric, IsotropicStart.ProbeSeed(3, i), 150)),
        ]);

        // The logarithm is monotone, so the log-spectra are as far apart as the spectra. Each probe's quadrature error
        // is its own largest weight.
        var largest = density.Weights.Max() * probes;
        Assert.InRange(SpectralDistance.Kolmogorov(density, Stems(exact)), 0, largest + Sampling(size, probes));

        // Entries with tail exponent 1 give eigenvalues, of order z², with tail exponent ½: p(λ) ~ λ^−1.5 (Soshnikov
        // 2004; Belinschi, Dembo and Guionnet 2009). From k eigenvalues a tail exponent is known to ½/√k at best
        // (Hill); a straight line through a curve takes twice that.
        var low = exact[size / 3];
        var high = exact[5];
        var tail = exact.Count(value => value > low && value < high);
        var options = new SmoothingOptions { Steps = 25 };
        var measured = LogSpectrum.Of(density, options).FitPowerLaw(low, high)!;
        var reference = LogSpectrum.Of(Stems(exact), options).FitPowerLaw(low, high)!;
        var error = 2 * 0.5 / Math.Sqrt(tail);
        Assert.Equal(-1.5, reference.Exponent, 3 * error);
        Assert.Equal(-1.5, measured.Exponent, 3 * error);
        Assert.Equal(reference.Exponent, measured.Exponent, error);
        Assert.InRange(measured.RSquared, 0.95, 1);
        Assert.Equal(0, LogSpectrum.Of(density).Negative.Mass, 1e-12);
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

    private static SpectralDensity Measure(ISymmetricOperator symmetric, long seed, int steps)
    {
        using var start = Vectors.StartFor(symmetric, seed);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
        return SpectralDensity.From(decomposition);
    }

    private static SpectralDensity Stems(double[] exact) =>
        SpectralDensity.Create(exact, [.. exact.Select(_ => 1.0)], exact.Length);

    // Node by node: the exact share below θ_j lies between the weights before and up to node j, within the sampling
    // error. Then the first moments, and the Wasserstein distance, where quadrature adds at most the larger neighbour's
    // weight over each gap, and sampling √(2F(1 − F)/P) wherever F is.
    private static void AssertNearExact(SpectralDensity density, double[] exact)
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

    private static void AssertNearLaw(SpectralDensity density, ISpectralLaw law)
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

    private static void AssertLawHolds(double[] exact, ISpectralLaw law)
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
    private static void AssertEdges(
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

    private static void AssertWithinSupport(SpectralDensity density, double[] exact)
    {
        Assert.InRange(density.Nodes[^1], exact[^1], exact[0] + 1e-9);
        Assert.InRange(density.Nodes[0], exact[^1] - 1e-9, exact[0]);
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
