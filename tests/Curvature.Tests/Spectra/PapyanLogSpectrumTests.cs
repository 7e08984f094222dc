using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using static CurvatureMonitor.Curvature.Tests.Spectra.PaperSpectraAssertions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The log spectrum of Papyan's power law.</summary>
public class PapyanLogSpectrumTests
{
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
}
