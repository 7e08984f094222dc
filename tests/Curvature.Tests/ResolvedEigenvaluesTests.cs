using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Tests;

public sealed class ResolvedEigenvaluesTests
{
    [Fact]
    public void Ritz_values_count_as_eigenvalues_up_to_the_first_that_is_not_resolved()
    {
        Estimate[] ritz = [new(18, 0.001), new(9, 0.9), new(7, 0.71), new(3, 0.0001), new(-0.5, 0.2)];
        Assert.Equal([18.0, 9], ResolvedEigenvalues.Leading(ritz).Select(eigenvalue => eigenvalue.Value));
        Assert.Empty(ResolvedEigenvalues.Leading([new(1, double.PositiveInfinity)]));
        Assert.Empty(ResolvedEigenvalues.Leading([]));
    }
}
