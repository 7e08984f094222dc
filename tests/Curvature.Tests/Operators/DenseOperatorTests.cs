using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>The operator of a matrix that is there entry by entry.</summary>
public class DenseOperatorTests
{
    [Theory]
    [InlineData(ElementType.Float64, 1e-14)]
    [InlineData(ElementType.Float32, 1e-6)]
    public void A_dense_operator_multiplies_by_its_matrix(ElementType type, double tolerance)
    {
        var matrix = Matrices.Named("random", size: 31);
        using var symmetric = Matrices.Operator(matrix, type);
        using var v = Vectors.StartFor(symmetric, 3);
        using var product = v.ZerosLike();
        symmetric.Apply(v, product);
        var (x, y) = (v.ToArray(), product.ToArray());
        for (var i = 0; i < 31; i++)
        {
            Assert.Equal(Enumerable.Range(0, 31).Sum(j => matrix[i, j] * x[j]), y[i], tolerance);
        }

        Assert.Equal(1, symmetric.Products);
        Assert.Equal(31, symmetric.Dimension);
    }

    [Fact]
    public void A_matrix_that_is_not_symmetric_square_and_finite_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Matrices.Operator(new double[0, 0]));
        Assert.Throws<ArgumentException>(() => Matrices.Operator(new double[2, 3]));
        Assert.Throws<ArgumentException>(() =>
            Matrices.Operator(
                new double[,]
                {
                    { 1, 2 },
                    { 2.1, 1 },
                }
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Matrices.Operator(
                new double[,]
                {
                    { double.NaN },
                }
            )
        );
    }
}
