using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using Vector = CurvatureMonitor.Derivatives.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Restarted searches that run out of steps.</summary>
public class ThickRestartStepsTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(101)]
    public void A_search_that_runs_out_of_steps_says_so_with_bounds_that_hold(int steps)
    {
        // The ends of a uniform ramp: nothing is isolated.
        double[] eigenvalues = [.. Enumerable.Range(0, 400).Select(i => i / 400.0)];
        using var diagonal = Vector.From(eigenvalues, ElementType.Float64, Device.Cpu);
        var symmetric = DiagonalOperators.Diagonal(diagonal);
        var options = new ExtremalOptions
        {
            Top = 6,
            Bottom = 2,
            Tolerance = 1e-8,
            MaximumSteps = steps,
            MaximumVectors = 24,
        };
        using var result = ExtremalEigenpairs.Find(symmetric, options);
        Assert.False(result.Converged);
        Assert.Equal(steps, result.Products);
        Assert.Contains(result.Top, pair => pair.ResidualBound > 1e-8);
        Assert.All(result.Top.Concat(result.Bottom), pair =>
            Assert.InRange(
                Matrices.DistanceToNearest(pair.Value, eigenvalues),
                0,
                pair.ResidualBound + result.RoundingBound
            )
        );
    }
}
