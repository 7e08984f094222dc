using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>What restarts cost.</summary>
public class ThickRestartCostTests
{
    [Fact]
    public void Restarting_costs_products_and_changes_no_result()
    {
        var matrix = Matrices.Named("random", size: 150);
        using var symmetric = Matrices.Operator(matrix);
        var options = new ExtremalOptions
        {
            Top = 5,
            Bottom = 2,
            Tolerance = 1e-9,
            MaximumSteps = 2000,
            MaximumVectors = 160,
        };
        using var whole = ExtremalEigenpairs.Find(symmetric, options);
        using var restarted = ExtremalEigenpairs.Find(symmetric, options with { MaximumVectors = 20 });
        Assert.True(whole.Converged && restarted.Converged);
        Assert.True(restarted.Products > whole.Products, $"{restarted.Products} restarted, {whole.Products} not");
        Assert.Equal(restarted.Products, restarted.Steps);
        Assert.True(double.IsNaN(restarted.Top[0].FirstComponent));
        Assert.All(whole.Top.Zip(restarted.Top), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-8));
        Assert.All(whole.Bottom.Zip(restarted.Bottom), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-8));
    }
}
