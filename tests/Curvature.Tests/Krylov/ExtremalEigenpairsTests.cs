using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class ExtremalEigenpairsTests
{
    [Theory]
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
    public void Both_ends_are_found_to_the_tolerance(string name, ElementType type)
    {
        var matrix = Matrices.Named(name, size: 120);
        var exact = Matrices.Eigenvalues(matrix);
        var tolerance = type == ElementType.Float64 ? 1e-10 : 1e-4;
        using var symmetric = Matrices.Operator(matrix, type);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions { Tolerance = tolerance, MaximumSteps = 120 }
        );
        Assert.True(result.Converged);
        Assert.Equal(exact[0], result.LambdaMax!.Value, tolerance * Matrices.NormOf(exact));
        Assert.Equal(exact[^1], result.LambdaMin!.Value, tolerance * Matrices.NormOf(exact));
        Assert.Equal(symmetric.Products, result.Products);
        Assert.Equal(result.Products, result.Steps);
    }

    [Fact]
    public void The_ten_largest_and_three_smallest_are_found_in_order_with_their_vectors()
    {
        var matrix = Matrices.Named("random", size: 150);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Top = 10,
                Bottom = 3,
                Tolerance = 1e-10,
                MaximumSteps = 150,
            }
        );
        Assert.True(result.Converged);
        using var product = result.TopVectors[0].ZerosLike();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(exact[i], result.Top[i].Value, 1e-9);
            symmetric.Apply(result.TopVectors[i], product);
            product.Add(result.TopVectors[i], -exact[i]);
            Assert.Equal(0, product.Norm(), 1e-8);
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(exact[^(i + 1)], result.Bottom[i].Value, 1e-9);
        }

        Assert.Equal(3, result.BottomVectors.Count);
    }
}
