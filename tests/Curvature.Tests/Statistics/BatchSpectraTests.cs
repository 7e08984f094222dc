using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Spectra of random batches against those of every batch there is.</summary>
public sealed class BatchSpectraTests
{
    [Fact]
    public void Batches_are_random_draws_and_each_has_the_spectrum_of_its_own_matrix()
    {
        using var tiny = new TinyModel();
        var draws = new List<int[]>();
        var spectra = new BatchSpectra(
            tiny.SampleCount,
            chosen =>
            {
                draws.Add([.. chosen.Select(sample => (int)sample)]);
                return new Linearization(tiny.ObjectiveOver(draws[^1], chosen.Length), tiny.Theta);
            },
            TimeProvider.System
        );
        var options = new BatchSpectrumOptions(4)
        {
            Batches = 30,
            Spectrum = new SpectrumOptions { Steps = tiny.ParameterCount, TopEigenvalues = 3 },
        };
        var measured = spectra.Measure(OperatorKind.Hessian, options);
        Assert.All(draws, draw => Assert.Equal(4, draw.Distinct().Count()));
        Assert.True(draws.Select(draw => string.Join(',', draw.Order())).Distinct().Count() > 20);
        Assert.Equal(Enumerable.Range(0, tiny.SampleCount), draws.SelectMany(draw => draw).Distinct().Order());
        Assert.Equal((30, 4, 3), (measured.Batches, measured.BatchSize, measured.Eigenvalues.Count));
        Assert.True(measured.Converged);

        double[] exact = [.. draws.Select(draw => Matrices.Eigenvalues(tiny.Matrix(OperatorKind.Hessian, draw)).Max())];
        Assert.Equal(exact.Average(), measured.Eigenvalues[0].Mean, 1e-8);
        var variance = exact.Sum(value => Math.Pow(value - exact.Average(), 2)) / 29;
        Assert.Equal(Math.Sqrt(variance), measured.Eigenvalues[0].Deviation, 1e-8);

        // s/√n, scaled for thirty values and their skewness.
        Assert.InRange(measured.Eigenvalues[0].Estimate.Error / Math.Sqrt(variance / 30), 1.02, 1.15);
    }
}
