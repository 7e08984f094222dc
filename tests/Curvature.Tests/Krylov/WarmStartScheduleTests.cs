using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>How warm starts are made, and when not.</summary>
public class WarmStartScheduleTests
{
    [Fact]
    public void Start_vectors_that_point_opposite_ways_do_not_cancel()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("spiked"));
        using var exact = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Bottom = 0,
                Tolerance = 1e-12,
                MaximumSteps = 40,
            }
        );
        using var opposite = exact.TopVectors[0].Clone();
        opposite.Scale(-1);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Bottom = 0,
                Tolerance = 0.01,
                RandomShare = 1e-3,
            },
            [exact.TopVectors[0], opposite]
        );
        Assert.True(result.WarmStarted && result.Converged);
        Assert.Equal(1, result.Products);
    }

    [Fact]
    public void Every_so_many_warm_starts_one_is_cold()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var warm = new WarmStart(coldEvery: 3);
        var pattern = new List<bool>();
        for (var i = 0; i < 7; i++)
        {
            var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Seed = i }, warm.Vectors);
            pattern.Add(result.WarmStarted);
            warm.Remember(result);
        }

        Assert.Equal([false, true, true, false, true, true, false], pattern);
        warm.Forget();
        Assert.Empty(warm.Vectors);
    }
}
