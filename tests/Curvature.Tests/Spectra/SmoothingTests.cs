using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

public class SmoothingTests
{
    [Fact]
    public void Papyans_width_by_hand()
    {
        // 2/(127 √(8 ln 3)) for his M = 128 and κ = 3.
        Assert.Equal(2 / (127 * 2.96456), GaussianSmoothing.NormalisedWidth(128), 1e-7);
        Assert.Equal(GaussianSmoothing.NormalisedWidth(2), GaussianSmoothing.NormalisedWidth(1));

        // Midway between nodes at the mean distance 2/(M − 1) a bump has fallen to 1/κ.
        foreach (var kappa in new[] { 1.25, 3, 10 })
        {
            var sigma = GaussianSmoothing.NormalisedWidth(50, kappa);
            Assert.Equal(1 / kappa, Math.Exp(-Math.Pow(1.0 / 49 / sigma, 2) / 2), 1e-12);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianSmoothing.NormalisedWidth(10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianSmoothing.NormalisedWidth(0));
    }

    [Fact]
    public void The_range_of_algorithm_4_reaches_beyond_the_ritz_values_by_their_residuals_and_the_margin()
    {
        var matrix = Matrices.Named("random");
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix);
        using var start = Vectors.StartFor(symmetric, 3);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 8 });
        var (top, bottom) = (decomposition.RitzPairs[0], decomposition.RitzPairs[^1]);
        var (low, high) = (bottom.Value - bottom.ResidualBound, top.Value + top.ResidualBound);
        var range = SpectralRange.Of(decomposition, 0.05);
        Assert.Equal(low - (0.05 * (high - low)), range.Low, 1e-12);
        Assert.Equal(high + (0.05 * (high - low)), range.High, 1e-12);
        Assert.True(range.Low < exact[^1] && range.High > exact[0]);
        Assert.Equal(-1, range.Normalise(range.Low), 1e-14);
        Assert.Equal(1, range.Normalise(range.High), 1e-14);
        Assert.Equal(0.3, range.Denormalise(range.Normalise(0.3)), 1e-14);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(3.0)]
    [InlineData(-1e-9)]
    public void A_spectrum_of_one_point_has_a_curve_too(double value)
    {
        var curve = GaussianSmoothing.Smooth(SpectralDensity.Create([value], [1], 10));
        Assert.All(curve.Values, height => Assert.True(double.IsFinite(height)));
        Assert.True(curve.Points[0] < value && curve.Points[^1] > value);
        var log = LogSpectrum.Of(SpectralDensity.Create([value], [1], 10));
        Assert.All(log.Total.Values, height => Assert.True(double.IsFinite(height)));
    }

    [Fact]
    public void A_curve_has_the_stems_mass_and_mean_and_their_variance_plus_the_bumps_own() =>
        Prop.ForAll(
                Gen.Choose(-500, 500).Select(n => n / 100.0).ArrayOf(30).ToArbitrary(),
                Gen.Choose(1, 100).Select(n => (double)n).ArrayOf(30).ToArbitrary(),
                (nodes, weights) =>
                {
                    var density = SpectralDensity.Create(nodes, weights, 1000);
                    var options = new SmoothingOptions { Margin = 0.25, Points = 4001 };
                    var range = SpectralRange.Of(density, 0.25);
                    var curve = GaussianSmoothing.Smooth(density, options);
                    var sigma = range.HalfWidth * GaussianSmoothing.NormalisedWidth(30);
                    var step = curve.Points[1] - curve.Points[0];
                    var mean = curve.Points.Zip(curve.Values, (x, y) => x * y * step).Sum();
                    var square = curve.Points.Zip(curve.Values, (x, y) => x * x * y * step).Sum();
                    return Math.Abs(curve.Mass - 1) < 1e-6
                        && Math.Abs(mean - density.Moment(1)) < 1e-5
                        && Math.Abs(square - density.Moment(2) - (sigma * sigma)) < 1e-4
                        && Math.Abs(GaussianSmoothing.At(density, curve.Points[1234], sigma) - curve.Values[1234])
                            < 1e-12;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void Smoothing_commutes_with_shift_and_scale() =>
        Prop.ForAll(
                Gen.Choose(-1000, 1000).Select(n => n / 10.0).ToArbitrary(),
                Gen.Choose(1, 10_000).Select(n => n / 10.0).ToArbitrary(),
                (shift, scale) =>
                {
                    double[] nodes = [-1, 0, 0.3, 0.35, 2, 7];
                    double[] weights = [1, 5, 3, 2, 1, 1];
                    var plain = GaussianSmoothing.Smooth(SpectralDensity.Create(nodes, weights, 100));
                    var moved = GaussianSmoothing.Smooth(
                        SpectralDensity.Create([.. nodes.Select(x => shift + (scale * x))], weights, 100)
                    );
                    return plain
                            .Values.Zip(moved.Values)
                            .All(pair => Math.Abs(pair.First - (scale * pair.Second)) < 1e-8 * (1 + pair.First))
                        && plain
                            .Points.Zip(moved.Points)
                            .All(pair =>
                                Math.Abs(shift + (scale * pair.First) - pair.Second)
                                < 1e-9 * (Math.Abs(shift) + (10 * scale))
                            );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void The_log_spectrum_has_mass_one_parts_that_add_up_and_a_density_a_unit_of_magnitude()
    {
        var density = SpectralDensity.Create([-2, -0.01, 1e-9, 0.001, 0.5, 100], [1, 2, 5, 3, 2, 1], 1000);
        var log = LogSpectrum.Of(
            density,
            new SmoothingOptions
            {
                Margin = 0.2,
                Points = 4001,
                Steps = 20,
            }
        );
        Assert.Equal(1, log.Total.Mass, 1e-4);
        Assert.Equal(3.0 / 14, log.Negative.Mass, 1e-4);
        Assert.Equal(11.0 / 14, log.Positive.Mass, 1e-4);
        for (var i = 0; i < log.Total.Points.Count; i += 100)
        {
            Assert.Equal(log.Total.Values[i], log.Positive.Values[i] + log.Negative.Values[i], 1e-12);
        }

        // Per unit of |λ|, far above ε: ∫ φ(|λ|) d|λ| over what lies above 0.1 is the mass there, 4/14.
        double[] magnitudes = [.. Enumerable.Range(0, 400_000).Select(i => 0.1 + (i * 1e-3))];
        Assert.Equal(
            4.0 / 14,
            new SampledDensity(magnitudes, Array.ConvertAll(magnitudes, log.PerMagnitude)).Mass,
            2e-3
        );

        // A zero eigenvalue lies at ln ε.
        var zero = LogSpectrum.Of(SpectralDensity.Create([0, 1], [1, 1], 10), relativeFloor: 1e-6);
        Assert.Equal(1e-6, zero.Floor);
        Assert.True(zero.Total.At(Math.Log(1e-6)) > 0.9 * zero.Total.Values.Max());
    }

    [Fact]
    public void A_power_law_is_recovered_from_its_quantiles()
    {
        // p(λ) ∝ λ^−1.5 on [1, 10⁶]: F = (1 − λ^−½)/(1 − 10⁻³), 400 quantiles of equal weight.
        double[] nodes = [.. Enumerable.Range(0, 400).Select(i => Math.Pow(1 - ((i + 0.5) / 400 * (1 - 1e-3)), -2))];
        var density = SpectralDensity.Create(nodes, [.. nodes.Select(_ => 1.0)], 400);
        var fit = LogSpectrum.Of(density, new SmoothingOptions { Steps = 20 }).FitPowerLaw(20, 2e4)!;
        Assert.Equal(-1.5, fit.Exponent, 0.05);
        Assert.Equal(0.5 / (1 - 1e-3), fit.Coefficient, 0.2);
        Assert.InRange(fit.RSquared, 0.99, 1);
        Assert.Null(LogSpectrum.Of(density).FitPowerLaw(1e9, 1e10));
    }

    [Fact]
    public void A_sampled_density_is_linear_between_its_points_and_zero_beyond()
    {
        var density = new SampledDensity([0, 1, 3], [0, 2, 0]);
        Assert.Equal([0, 1, 2, 1, 0, 0], new[] { 0, 0.5, 1, 2, 3, 3.01 }.Select(density.At));
        Assert.Equal(0, density.At(-0.1));
        Assert.Equal(0, density.At(double.NaN));
        Assert.Equal(3, density.Mass);
    }
}
