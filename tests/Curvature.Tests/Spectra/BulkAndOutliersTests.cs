using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

public class BulkAndOutliersTests
{
    [Theory]
    [InlineData(225, 30)]
    [InlineData(600, 30)]
    [InlineData(600, 60)]
    public void A_semicircle_has_no_outliers(int size, int steps)
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            using var symmetric = Matrices.Operator(Ensembles.Goe(size, seed));
            var split = BulkAndOutliers.Of(MeasuredDensity.Of(symmetric, seed, steps));
            Assert.Equal(0, split.Count);
            Assert.Equal(1, split.BulkMass, 1e-12);
            Assert.InRange(split.UpperEdge, 1.8, 2.2);
            Assert.InRange(split.LowerEdge, -2.2, -1.8);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Spikes_on_a_semicircle_are_counted_on_both_sides_whatever_the_probes(int probes)
    {
        const int size = 400;
        for (var seed = 1; seed <= 4; seed++)
        {
            // Found at s + 1/s: 5.2, 3.33, 2.9 above, −4.25 below.
            var matrix = Ensembles.Goe(size, seed);
            (matrix[0, 0], matrix[1, 1], matrix[2, 2], matrix[3, 3]) = (5, 3, 2.5, -4);
            using var symmetric = Matrices.Operator(matrix);
            var density = SpectralDensity.Average([
                .. Enumerable.Range(0, probes).Select(i => MeasuredDensity.Of(symmetric, (10 * seed) + i, 60)),
            ]);
            var split = BulkAndOutliers.Of(density);
            Assert.Equal(3, split.Above.Count);
            Assert.Single(split.Below);
            Assert.Equal(split.Above.OrderDescending(), split.Above);

            // A spike's place fluctuates by some √(2/P) = 0.07.
            Assert.Equal(5.2, split.Above[0], 0.28);
            Assert.Equal(2.9, split.Above[2], 0.28);
            Assert.Equal(-4.25, split.Below[0], 0.28);
            Assert.Equal(2, split.UpperEdge, 0.15);
            Assert.InRange(split.BulkMass, 0.9, 1);
        }
    }
}
