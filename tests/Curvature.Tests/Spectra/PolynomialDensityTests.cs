using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

public class PolynomialDensityTests
{
    // The Gauss quadrature of the semicircle: nodes 2 cos(πj/(m + 1)), weights 2 sin²(πj/(m + 1))/(m + 1).
    private static SpectralDensity Semicircle(int m) =>
        SpectralDensity.Create(
            [.. Enumerable.Range(1, m).Select(j => 2 * Math.Cos(Math.PI * j / (m + 1)))],
            [.. Enumerable.Range(1, m).Select(j => Math.Pow(Math.Sin(Math.PI * j / (m + 1)), 2))],
            1_000_000
        );

    [Fact]
    public void The_moments_are_those_that_the_recurrence_with_the_operator_gives_for_the_same_start_vector()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 9);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 7 });
        var range = new SpectralRange(-4, 4.5);
        var polynomial = KernelPolynomial.Of(SpectralDensity.From(decomposition), range: range);
        Assert.Equal(13, polynomial.Order);

        // t_{k+1} = 2 Ã t_k − t_{k−1}, μ_k = vᵀt_k: the method as Weiße et al. run it.
        using var previous = start.Clone();
        using var current = start.ZerosLike();
        using var next = start.ZerosLike();
        Normalised(start, current);
        Assert.Equal(1, polynomial.Moments[0], 1e-14);
        for (var k = 1; k <= 13; k++)
        {
            Assert.Equal(start.Dot(current), polynomial.Moments[k], 1e-12);
            Normalised(current, next);
            next.Scale(2);
            next.Add(previous, -1);
            previous.CopyFrom(current);
            current.CopyFrom(next);
        }

        void Normalised(Torch.Vector v, Torch.Vector result)
        {
            symmetric.Apply(v, result);
            result.Add(v, -range.Center);
            result.Scale(1 / range.HalfWidth);
        }
    }

    [Fact]
    public void The_kernel_polynomial_density_is_positive_has_mass_one_and_integrates_to_its_distribution_function()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("low-rank"));
        using var start = Vectors.StartFor(symmetric, 2);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 40 });
        foreach (var order in new[] { 1, 5, 40, 200 })
        {
            var polynomial = KernelPolynomial.Of(SpectralDensity.From(decomposition), order);
            var curve = polynomial.Sample(20_001);
            Assert.All(curve.Values, value => Assert.True(value >= 0));

            // Over the angle the integrand is a cosine polynomial, of which midpoints make no error.
            var mass = Enumerable
                .Range(0, 1000)
                .Select(i => (i + 0.5) * Math.PI / 1000)
                .Sum(angle =>
                    polynomial.Density(polynomial.Range.Denormalise(Math.Cos(angle)))
                    * polynomial.Range.HalfWidth
                    * Math.Sin(angle)
                    * Math.PI
                    / 1000
                );
            Assert.Equal(1, mass, 1e-9);
            Assert.Equal(0, polynomial.Cumulative(polynomial.Range.Low), 1e-12);
            Assert.Equal(1, polynomial.Cumulative(polynomial.Range.High), 1e-12);
            var (from, to) = (6000, 14_000);
            var between = new SampledDensity(
                [.. curve.Points.Skip(from).Take(to - from + 1)],
                [.. curve.Values.Skip(from).Take(to - from + 1)]
            );
            Assert.Equal(
                polynomial.Cumulative(curve.Points[to]) - polynomial.Cumulative(curve.Points[from]),
                between.Mass,
                1e-4
            );
        }
    }

    [Fact]
    public void The_kernel_polynomial_method_converges_to_the_semicircle_as_its_order_grows()
    {
        var law = new WignerSemicircle();
        var range = new SpectralRange(-2.2, 2.2);
        var previous = double.PositiveInfinity;
        foreach (var order in new[] { 15, 31, 63, 127 })
        {
            var polynomial = KernelPolynomial.Of(Semicircle(64), order, range);
            var error = Enumerable
                .Range(0, 400)
                .Max(i => Math.Abs(polynomial.Cumulative(-2 + (i / 100.0)) - law.Cumulative(-2 + (i / 100.0))));

            // Jackson's kernel broadens by π/n of the half-range; where the density is p the distribution function
            // moves by some p'σ²/2, at the edges more.
            Assert.InRange(error, 0, Math.PI / order * 2.2 / Math.PI);
            Assert.True(error < previous);
            previous = error;
        }
    }

    [Fact]
    public void Stems_outside_the_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => KernelPolynomial.Of(Semicircle(5), range: new SpectralRange(-1, 3)));
        Assert.Throws<ArgumentException>(() => MaximumEntropy.Of(Semicircle(5), 4, new SpectralRange(-1, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MaximumEntropy.Of(Semicircle(5), 10));
        Assert.Throws<ArgumentException>(() => new SpectralRange(1, 1));
    }

    [Fact]
    public void Maximum_entropy_of_two_moments_is_the_truncated_gaussian()
    {
        // exp(α₁t + α₂T₂(t)) is a Gaussian in t; far from the ends of the range it is that of the mean and the
        // variance.
        double[] quantiles =
        [
            .. Enumerable
                .Range(0, 2000)
                .Select(i => 0.3 + (0.1 * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 0.5) / 2000))),
        ];
        var density = SpectralDensity.Create(quantiles, [.. quantiles.Select(_ => 1.0)], 2000);
        var entropy = MaximumEntropy.Of(density, 2, new SpectralRange(-1, 1.5));
        var (mean, variance) = (density.Moment(1), density.Moment(2) - Math.Pow(density.Moment(1), 2));
        foreach (var x in new[] { 0.0, 0.2, 0.3, 0.42, 0.6 })
        {
            var gaussian = Math.Exp(-Math.Pow(x - mean, 2) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
            Assert.Equal(gaussian, entropy.Density(x), 1e-6);
        }

        Assert.Equal(0.5 * Math.Log(2 * Math.PI * Math.E * variance), entropy.Entropy, 1e-8);
        Assert.Equal(0, entropy.Density(-1.01));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(14)]
    public void Maximum_entropy_reproduces_its_moments_and_approaches_the_law(int order)
    {
        var law = new WignerSemicircle();
        var entropy = MaximumEntropy.Of(Semicircle(20), order, new SpectralRange(-2.2, 2.2));
        var curve = entropy.Sample(20_001);
        Assert.Equal(1, curve.Mass, 1e-6);
        var step = curve.Points[1] - curve.Points[0];
        for (var k = 1; k <= order; k++)
        {
            double[] product =
            [
                .. curve.Points.Zip(curve.Values, (x, y) => Math.Cos(k * Math.Acos(Math.Clamp(x / 2.2, -1, 1))) * y),
            ];
            Assert.Equal(entropy.Moments[k], new SampledDensity(curve.Points, product).Mass, 1e-6);
        }

        // Entropy cannot be below that of the law itself, which has the same moments, and falls as moments are added.
        var own = -Enumerable
            .Range(0, 40_000)
            .Select(i => -2 + ((i + 0.5) * 1e-4))
            .Sum(x => law.Density(x) * Math.Log(law.Density(x)) * 1e-4);
        Assert.True(entropy.Entropy >= own);
        Assert.True(
            entropy.Entropy <= MaximumEntropy.Of(Semicircle(20), order - 2, new SpectralRange(-2.2, 2.2)).Entropy
        );

        // Two distributions that share 2k moments differ nowhere by more than the Christoffel function, at most the
        // largest Gauss weight of that order.
        var largest = Semicircle(order / 2).Weights.Max();
        foreach (var x in new[] { -1.9, -1, 0, 0.5, 1.5 })
        {
            var below = curve.Points.Zip(curve.Values).Where(pair => pair.First <= x).Sum(pair => pair.Second * step);
            Assert.Equal(law.Cumulative(x), below, largest);
        }
    }

    [Fact]
    public void Point_masses_have_no_maximum_entropy_density_and_the_message_says_what_to_do()
    {
        var atoms = SpectralDensity.Create([0, 1, 5], [0.97, 0.02, 0.01], 1000, 1);
        var exception = Assert.Throws<CurvatureException>(() =>
            MaximumEntropy.Of(
                SpectralDensity.Create([.. atoms.Nodes, 0, 0, 0, 0, 0], [.. atoms.Weights, 0, 0, 0, 0, 0], 1000),
                12
            )
        );
        Assert.Contains("fewer moments", exception.Message, StringComparison.Ordinal);
    }
}
