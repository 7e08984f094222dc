using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Subspace iteration of low rank, and its small eigenproblems.</summary>
public class SubspaceRankTests
{
    [Fact]
    public void An_operator_of_lower_rank_than_asked_for_gives_zeros()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("low-rank"));
        using var result = SubspaceIteration.Run(symmetric, new SubspaceIterationOptions { Rank = 9 });
        Assert.True(result.Converged);
        Assert.Equal([5, 4, 3, 2, 1, 0, 0, 0, 0], result.Values.Select(value => Math.Round(Math.Abs(value.Value), 9)));

        using var zero = Matrices.Operator(new double[12, 12]);
        using var nothing = SubspaceIteration.Run(zero, new SubspaceIterationOptions { Rank = 20 });
        Assert.True(nothing.Converged);
        Assert.Equal(12, nothing.Values.Count);
        Assert.All(nothing.Values, value => Assert.Equal(0, value.Value));
    }

    [Fact]
    public void Small_eigenproblems_are_solved_to_rounding() =>
        Prop.ForAll(Gen.Choose(1, 12).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (size, seed) =>
            {
                var matrix = Matrices.WithEigenvalues(Matrices.Uniform(seed, size, -2, 3), seed);
                var exact = Matrices.Eigenvalues(matrix);
                var (values, vectors) = SmallEigenproblem.Solve((double[,])matrix.Clone());
                var v = Matrix<double>.Build.DenseOfArray(vectors);
                var residual =
                    (Matrix<double>.Build.DenseOfArray(matrix) * v)
                    - (v * Matrix<double>.Build.DenseOfDiagonalArray(values));
                return values.OrderDescending().Zip(exact).All(pair => Math.Abs(pair.First - pair.Second) < 1e-13)
                    && residual.FrobeniusNorm() < 1e-13
                    && ((v.Transpose() * v) - Matrix<double>.Build.DenseIdentity(size)).FrobeniusNorm() < 1e-13;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
}
