using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Operators;

public class OperatorTests
{
    [Fact]
    public void Names_go_there_and_back()
    {
        Assert.Equal(["hessian", "ggn", "residual"], OperatorNames.All.Select(kind => kind.Label()));
        Assert.All(OperatorNames.All, kind => Assert.Equal(kind, OperatorNames.Parse(kind.Label())));
        Assert.Equal(OperatorKind.GaussNewton, OperatorNames.Parse(" GGN "));
        Assert.False(OperatorNames.TryParse(null, out _));
        var failure = Assert.Throws<FormatException>(() => OperatorNames.Parse("fisher"));
        Assert.Contains("hessian, ggn, residual", failure.Message, StringComparison.Ordinal);
    }

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

    [Fact]
    public void Preconditioning_by_a_diagonal_gives_the_eigenvalues_of_the_scaled_matrix()
    {
        const int size = 25;
        var matrix = Matrices.Named("random", size: size);
        var diagonal = Matrices.Uniform(9, size, 0.2, 4);
        var scaled = Scale(matrix, diagonal);
        using var inner = Matrices.Operator(matrix);
        using var d = Vector.From(diagonal, ElementType.Float64, Device.Cpu);
        using var symmetric = PreconditionedOperator.ForDiagonal(inner, d);
        AssertSpectrum(Matrices.Eigenvalues(scaled), symmetric);
        Assert.Equal(inner.Products, symmetric.Products);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void Preconditioning_for_adam_follows_its_bias_corrections(long step)
    {
        const int size = 20;
        const double epsilon = 1e-3;
        var matrix = Matrices.Named("random", size: size);
        var secondMoment = Matrices.Uniform(9, size, 0, 0.5);
        secondMoment[3] = 0;
        var diagonal = secondMoment
            .Select(v => (1 - Math.Pow(0.9, step)) * (Math.Sqrt(v / (1 - Math.Pow(0.99, step))) + epsilon))
            .ToArray();
        using var inner = Matrices.Operator(matrix);
        using var nu = Vector.From(secondMoment, ElementType.Float64, Device.Cpu);
        using var symmetric = PreconditionedOperator.ForAdam(inner, nu, 0.9, 0.99, step, epsilon);
        AssertSpectrum(Matrices.Eigenvalues(Scale(matrix, diagonal)), symmetric);
    }

    [Fact]
    public void A_preconditioner_that_is_not_positive_or_does_not_fit_is_refused()
    {
        using var inner = Matrices.Operator(Matrices.Identity(3));
        foreach (
            var bad in new double[][]
            {
                [1, 0, 1],
                [1, -1, 1],
                [1, double.NaN, 1],
                [1, double.PositiveInfinity, 1],
                [1, 1],
            }
        )
        {
            using var diagonal = Vector.From(bad, ElementType.Float64, Device.Cpu);
            Assert.IsType(
                bad.Length == 3 ? typeof(UserErrorException) : typeof(ArgumentException),
                Record.Exception(() => PreconditionedOperator.ForDiagonal(inner, diagonal))
            );
        }

        using var zeros = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
        Assert.Throws<UserErrorException>(() => PreconditionedOperator.ForAdam(inner, zeros, 0.9, 0.99, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PreconditionedOperator.ForAdam(inner, zeros, 0.9, 0.99, 0, 1e-8)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PreconditionedOperator.ForAdam(inner, zeros, 1, 0.99, 1, 1e-8)
        );
    }

    private static double[,] Scale(double[,] matrix, double[] diagonal)
    {
        var scaled = (double[,])matrix.Clone();
        for (var i = 0; i < diagonal.Length; i++)
        {
            for (var j = 0; j < diagonal.Length; j++)
            {
                // Ordered so that the result is symmetric to the last bit.
                scaled[i, j] /= Math.Sqrt(diagonal[Math.Min(i, j)]) * Math.Sqrt(diagonal[Math.Max(i, j)]);
            }
        }

        return scaled;
    }

    private static void AssertSpectrum(double[] exact, ISymmetricOperator symmetric)
    {
        using var start = Vectors.StartFor(symmetric, 1);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = exact.Length });
        for (var i = 0; i < exact.Length; i++)
        {
            Assert.Equal(exact[i], decomposition.RitzPairs[i].Value, 1e-12 * Matrices.NormOf(exact));
        }
    }
}
