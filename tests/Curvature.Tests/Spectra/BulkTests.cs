using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Densities that are all bulk.</summary>
public class BulkTests
{
    [Fact]
    public void Of_a_null_space_and_a_few_eigenvalues_the_null_space_is_the_bulk()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("low-rank", size: 200));
        var split = BulkAndOutliers.Of(MeasuredDensity.Of(symmetric, 3, 30));
        Assert.Equal([5, 4, 3, 2, 1], split.Above.Select(value => Math.Round(value, 6)));
        Assert.Equal(0, split.UpperEdge, 1e-9);
        Assert.Equal(0, split.LowerEdge, 1e-9);
    }

    [Fact]
    public void A_single_stem_is_a_bulk()
    {
        var split = BulkAndOutliers.Of(SpectralDensity.Create([3], [1], 10));
        Assert.Equal((0, 3.0, 3.0, 1.0), (split.Count, split.LowerEdge, split.UpperEdge, split.BulkMass));
    }
}
