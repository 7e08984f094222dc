using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>What a warm start saves.</summary>
public class WarmStartCostTests
{
    [Fact]
    public void A_warm_start_needs_fewer_products_on_a_perturbed_matrix()
    {
        // A spectrum like a network's: a few outliers, a bulk near zero, some negative curvature. The perturbation is 1
        // % of it.
        double[] eigenvalues =
        [
            12,
            9,
            7,
            5,
            4,
            .. Enumerable.Range(0, 290).Select(i => 1.5 * Math.Exp(-i / 40.0)),
            -0.4,
            -0.5,
            -0.7,
            -0.9,
            -1.2,
        ];
        var before = Matrices.WithEigenvalues(eigenvalues, 1);
        var change = Matrices.WithEigenvalues(Matrices.Uniform(3, 300, -0.1, 0.1), 2);
        var after = (double[,])before.Clone();
        for (var i = 0; i < 300; i++)
        {
            for (var j = 0; j < 300; j++)
            {
                after[i, j] += change[i, j];
            }
        }

        var options = new ExtremalOptions { Tolerance = 0.02, Seed = 5 };
        using var first = Matrices.Operator(before);
        using var second = Matrices.Operator(after);
        using var warm = new WarmStart(coldEvery: 3);
        warm.Remember(ExtremalEigenpairs.Find(first, options, warm.Vectors));
        using var cold = ExtremalEigenpairs.Find(second, options);
        var restarted = ExtremalEigenpairs.Find(second, options, warm.Vectors);
        warm.Remember(restarted);
        var exact = Matrices.Eigenvalues(after);
        Assert.True(restarted.WarmStarted && restarted.Converged && cold.Converged);
        Assert.True(2 * restarted.Products <= cold.Products, $"warm {restarted.Products}, cold {cold.Products}");
        Assert.Equal(exact[0], restarted.LambdaMax!.Value, 0.02 * exact[0]);
        Assert.Equal(exact[^1], restarted.LambdaMin!.Value, 0.02 * exact[0]);
    }
}
