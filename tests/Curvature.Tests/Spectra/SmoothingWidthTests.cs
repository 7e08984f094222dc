using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The width and the range of smoothed spectra.</summary>
public class SmoothingWidthTests
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
}
