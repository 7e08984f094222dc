using CurvatureMonitor.Curvature.Krylov;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class ArrowheadReductionTests
{
    [Fact]
    public void The_rotation_is_orthogonal_and_turns_the_arrowhead_into_a_tridiagonal_matrix() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(1, 30).ToArbitrary(), (seed, size) =>
            {
                var random = new Random(seed);
                double[] values =
                [
                    .. Enumerable.Range(0, size).Select(_ => random.Next(5) == 0 ? 1 : (random.NextDouble() * 10) - 3),
                ];
                double[] couplings =
                [
                    .. Enumerable
                        .Range(0, size)
                        .Select(_ => Math.Pow(10, random.Next(-20, 1)) * (random.NextDouble() - 0.5)),
                ];
                Check(values, couplings);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Couplings_of_zero_and_of_every_size_do_no_harm()
    {
        Check([3, 2, 1], [0, 0, 0]);
        Check([3, 2, 1], [0, 0, -2]);
        Check([3, 3, 3, 3], [1e-200, 1e-180, 1, 1e-300]);
        Check([0, 0], [1e-170, -1e-170]);
        Check([-4], [-7]);
    }

    private static void Check(double[] values, double[] couplings)
    {
        var size = values.Length;
        var (diagonal, offDiagonal, rotation) = ArrowheadReduction.Reduce(values, couplings);
        var u = Matrix<double>.Build.DenseOfRowMajor(size, size, rotation);
        var tridiagonal = u.TransposeThisAndMultiply(Matrix<double>.Build.DenseOfDiagonalArray(values)) * u;
        var row = u.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(couplings));
        var identity = u.TransposeThisAndMultiply(u);
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(i == size - 1 ? offDiagonal[i] : 0, row[i], 1e-14);
            Assert.True(offDiagonal[i] >= 0);
            for (var j = 0; j < size; j++)
            {
                var expected =
                    i == j ? diagonal[i]
                    : Math.Abs(i - j) == 1 ? offDiagonal[Math.Min(i, j)]
                    : 0;
                Assert.Equal(expected, tridiagonal[i, j], 1e-13);
                Assert.Equal(i == j ? 1 : 0, identity[i, j], 1e-14 * size);
            }
        }
    }
}
