using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Spectra whose outliers are exact atoms.</summary>
public class DeflatedSpectrumTests
{
    [Fact]
    public void A_deflated_spectrum_has_its_outliers_as_exact_atoms_and_the_bulk_as_the_rest()
    {
        // Eigenvalues 0 … 0.9 in the bulk, outliers 50, −20 and 10: every probe sees each outlier with mass exactly
        // 1/P.
        double[] eigenvalues = [50, -20, 10, .. Matrices.Uniform(3, 97, 0, 0.9)];
        using var symmetric = Matrices.Operator(Matrices.WithEigenvalues(eigenvalues, 4));
        var density = DeflatedSpectrum.Measure(
            symmetric,
            new SubspaceIterationOptions { Rank = 3, Tolerance = 1e-12 },
            new LanczosOptions { Steps = 20 },
            probes: 2,
            seed: 5
        );
        Assert.Equal(100, density.Dimension);
        Assert.Equal(2, density.Probes);
        foreach (var outlier in eigenvalues.Take(3))
        {
            var stem = Assert.Single(density.Nodes.Zip(density.Weights), pair => Math.Abs(pair.First - outlier) < 1e-9);
            Assert.Equal(0.01, stem.Second, 1e-14);
        }

        // The rest lies within the bulk, with no zeros that deflation made, and its moments scatter as those of 97
        // eigenvalues do.
        var bulk = density.Nodes.Zip(density.Weights).Where(pair => Math.Abs(pair.First) < 5).ToArray();
        Assert.All(bulk, pair =>
            Assert.InRange(pair.First, eigenvalues.Skip(3).Min() - 1e-9, eigenvalues.Skip(3).Max() + 1e-9)
        );
        Assert.Equal(0.97, bulk.Sum(pair => pair.Second), 1e-14);
        var (mean, square) = (eigenvalues.Skip(3).Average(), eigenvalues.Skip(3).Average(x => x * x));
        Assert.Equal(
            mean,
            bulk.Sum(pair => pair.First * pair.Second) / 0.97,
            4 * Math.Sqrt(2.0 / 99 / 2 * (square - (mean * mean)))
        );
        Assert.Equal([50, 10], BulkAndOutliers.Of(density).Above.Select(x => Math.Round(x, 6)));
        Assert.Equal([-20], BulkAndOutliers.Of(density).Below.Select(x => Math.Round(x, 6)));
    }
}
