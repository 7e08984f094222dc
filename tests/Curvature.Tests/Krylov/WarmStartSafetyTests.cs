using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>What the vectors of the start do not show is found.</summary>
public class WarmStartSafetyTests
{
    [Fact]
    public void A_warm_start_finds_a_larger_eigenvalue_that_the_previous_vectors_miss()
    {
        // The old top direction stays an exact eigenvector; a new, larger one appears elsewhere. Only the random part
        // can see it.
        double[] entries = [4, .. Enumerable.Range(0, 80).Select(i => i * 0.02), -1];
        using var old = Matrices.Operator(Matrices.Diagonal(entries));
        using var result = ExtremalEigenpairs.Find(old, new ExtremalOptions { Tolerance = 1e-6, MaximumSteps = 82 });
        entries[40] = 6;
        using var changed = Matrices.Operator(Matrices.Diagonal(entries));
        using var next = ExtremalEigenpairs.Find(
            changed,
            new ExtremalOptions { Tolerance = 1e-6, MaximumSteps = 82 },
            [.. result.TopVectors, .. result.BottomVectors]
        );
        Assert.Equal(6, next.LambdaMax!.Value, 1e-5);
    }

    [Fact]
    public void An_outlier_that_the_first_steps_cannot_see_is_not_missed()
    {
        // 200,000 eigenvalues near 1 and one of 2: after two steps the Ritz values have residuals below 20 % and know
        // nothing of the outlier.
        var entries = Matrices.Uniform(1, 200_000, 0.8, 1.2);
        entries[777] = 2;
        using var diagonal = Vector.From(entries, ElementType.Float64, Device.Cpu);
        var symmetric = new FunctionOperator(entries.Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
        });
        using var hasty = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Tolerance = 0.2,
                MinimumColdSteps = 0,
                MaximumSteps = 12,
            }
        );
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions { Tolerance = 0.2, MaximumSteps = 12 }
        );
        Assert.True(hasty.Converged && hasty.LambdaMax!.Value < 1.5);
        Assert.True(result.Converged);
        Assert.Equal(2, result.LambdaMax!.Value, 0.01);
    }
}
