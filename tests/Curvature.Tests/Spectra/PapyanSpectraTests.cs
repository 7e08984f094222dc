using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using MathNet.Numerics.Distributions;
using static CurvatureMonitor.Curvature.Tests.Spectra.PaperSpectraAssertions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Papyan's spectra (figure 8), measured by Lanczos and held against theory.</summary>
public class PapyanSpectraTests
{
    [Fact]
    public void Papyans_spiked_matrix_shows_three_outliers_where_theory_puts_them_and_the_bulk_beside_them()
    {
        // Y = X + Z Zᵀ/2000 with X = diag(5, 4, 3, 0, …).
        const int size = 2000;
        const int probes = 3;
        double[] diagonal = new double[size];
        (diagonal[0], diagonal[1], diagonal[2]) = (5, 4, 3);
        using var symmetric = new SampleCovariance(size, size, 1_000_021, diagonal);
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
}
