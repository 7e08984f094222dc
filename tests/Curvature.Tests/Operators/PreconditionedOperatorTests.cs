using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>Operators between the square roots of a diagonal.</summary>
public class PreconditionedOperatorTests
{
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
