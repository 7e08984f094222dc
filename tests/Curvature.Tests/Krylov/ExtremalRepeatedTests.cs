using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Repeated eigenvalues at the ends of a spectrum.</summary>
public class ExtremalRepeatedTests
{
    [Fact]
    public void A_repeated_eigenvalue_is_found_as_often_as_asked_where_the_krylov_space_is_too_small()
    {
        var matrix = Matrices.WithEigenvalues([5, 5, .. Enumerable.Repeat(0.0, 28)], 4);
        using var symmetric = Matrices.Operator(matrix);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Top = 4,
                Bottom = 1,
                MaximumSteps = 30,
            }
        );
        Assert.True(result.Converged);
        Assert.Equal([5.0, 5.0, 0.0, 0.0], result.Top.Select(pair => Math.Round(pair.Value, 10)));

        using var identity = Matrices.Operator(Matrices.Identity(12));
        using var ones = ExtremalEigenpairs.Find(identity, new ExtremalOptions { Top = 3, Bottom = 2 });
        Assert.True(ones.Converged);
        Assert.Equal(3, ones.Top.Count);
        Assert.All(ones.Top.Concat(ones.Bottom), pair => Assert.Equal(1, pair.Value, 1e-14));
        Assert.Equal(5, ones.Products);
    }
}
