using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class TridiagonalEigensolverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(120)]
    public void Eigenvalues_are_those_of_the_dense_matrix(int size)
    {
        var (diagonal, offDiagonal) = RandomTridiagonal(size, size);
        var exact = Matrices.Eigenvalues(Dense(diagonal, offDiagonal));
        var system = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
        Assert.Equal(size, system.Count);
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(exact[i], system.Values[i], 1e-13 * Matrices.NormOf(exact));
        }
    }

    [Fact]
    public void Eigenvectors_diagonalise_the_matrix_and_are_orthonormal()
    {
        const int size = 60;
        var (diagonal, offDiagonal) = RandomTridiagonal(size, 5);
        var system = TridiagonalEigensolver.Solve(diagonal, offDiagonal, vectors: true);
        for (var i = 0; i < size; i++)
        {
            var s = system.Vector(i).ToArray();
            for (var row = 0; row < size; row++)
            {
                var product = diagonal[row] * s[row];
                product += row > 0 ? offDiagonal[row - 1] * s[row - 1] : 0;
                product += row < size - 1 ? offDiagonal[row] * s[row + 1] : 0;
                Assert.Equal(system.Values[i] * s[row], product, 1e-13);
            }

            for (var j = 0; j <= i; j++)
            {
                var dot = s.Zip(system.Vector(j).ToArray(), (a, b) => a * b).Sum();
                Assert.Equal(i == j ? 1 : 0, dot, 1e-13);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(41)]
    public void First_and_last_entries_are_those_of_the_full_eigenvectors(int size)
    {
        var (diagonal, offDiagonal) = RandomTridiagonal(size, 7);
        var ends = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
        var full = TridiagonalEigensolver.Solve(diagonal, offDiagonal, vectors: true);
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(full.Values[i], ends.Values[i]);
            Assert.Equal(full.Vector(i)[0], ends.First(i), 1e-14);
            Assert.Equal(full.Vector(i)[size - 1], ends.Last(i), 1e-14);
            Assert.Equal(full.Last(i), ends.Last(i), 1e-14);
        }
    }

    [Fact]
    public void A_toeplitz_matrix_has_the_eigenvalues_of_the_discrete_laplacian()
    {
        const int size = 200;
        var system = TridiagonalEigensolver.Solve(
            Enumerable.Repeat(2.0, size).ToArray(),
            Enumerable.Repeat(-1.0, size - 1).ToArray()
        );
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(2 - (2 * Math.Cos((size - i) * Math.PI / (size + 1))), system.Values[i], 1e-13);
        }
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-17)]
    [InlineData(1e150)]
    public void Eigenvalues_scale_with_the_matrix(double scale)
    {
        var (diagonal, offDiagonal) = RandomTridiagonal(20, 3);
        var reference = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
        var scaled = TridiagonalEigensolver.Solve(
            [.. diagonal.Select(x => x * scale)],
            [.. offDiagonal.Select(x => x * scale)]
        );
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(reference.Values[i], scaled.Values[i] / scale, 1e-13);
        }
    }

    [Fact]
    public void Uncoupled_and_zero_matrices_are_their_own_diagonal()
    {
        Assert.Equal([3, 1, -2], TridiagonalEigensolver.Solve([1, 3, -2], [0, 0]).Values.ToArray());
        Assert.Equal([0, 0, 0], TridiagonalEigensolver.Solve([0, 0, 0], [0, 0]).Values.ToArray());
    }

    [Fact]
    public void A_graded_matrix_is_right_to_rounding_of_its_norm()
    {
        double[] diagonal = [.. Enumerable.Range(0, 15).Select(i => Math.Pow(10, -i))];
        double[] offDiagonal = [.. Enumerable.Range(0, 14).Select(i => 0.3 * Math.Pow(10, -i))];
        foreach (var reverse in new[] { false, true })
        {
            var d = reverse ? diagonal.Reverse().ToArray() : diagonal;
            var e = reverse ? offDiagonal.Reverse().ToArray() : offDiagonal;
            var exact = Matrices.Eigenvalues(Dense(d, e));
            var system = TridiagonalEigensolver.Solve(d, e);
            for (var i = 0; i < 15; i++)
            {
                Assert.Equal(exact[i], system.Values[i], 1e-14);
            }
        }
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<ArgumentException>(() => TridiagonalEigensolver.Solve([], []));
        Assert.Throws<ArgumentException>(() => TridiagonalEigensolver.Solve([1, 2], []));
        Assert.Throws<ArgumentException>(() => TridiagonalEigensolver.Solve([1, double.NaN], [1]));
        Assert.Throws<InvalidOperationException>(() =>
            TridiagonalEigensolver.Solve([1, 2, 3], [1, 1]).Vector(0).ToArray()
        );
    }

    [Fact]
    public void Dropping_the_last_row_interlaces_the_eigenvalues() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(2, 30).ToArbitrary(), (seed, size) =>
            {
                var (diagonal, offDiagonal) = RandomTridiagonal(size, seed);
                var whole = TridiagonalEigensolver.Solve(diagonal, offDiagonal).Values.ToArray();
                var part = TridiagonalEigensolver.Solve(diagonal.AsSpan(0, size - 1), offDiagonal).Values.ToArray();
                return part.Select((value, i) => value <= whole[i] + 1e-12 && value >= whole[i + 1] - 1e-12)
                    .All(ok => ok);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Trace_frobenius_norm_and_weights_are_kept() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(1, 30).ToArbitrary(), (seed, size) =>
            {
                var (diagonal, offDiagonal) = RandomTridiagonal(size, seed);
                var system = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
                var values = system.Values.ToArray();
                var weights = Enumerable.Range(0, size).Sum(i => system.First(i) * system.First(i));
                var mean = Enumerable.Range(0, size).Sum(i => system.First(i) * system.First(i) * values[i]);
                var frobenius = diagonal.Sum(x => x * x) + (2 * offDiagonal.Sum(x => x * x));
                return Math.Abs(values.Sum() - diagonal.Sum()) < 1e-11
                    && Math.Abs(values.Sum(x => x * x) - frobenius) < 1e-10
                    && Math.Abs(weights - 1) < 1e-12
                    && Math.Abs(mean - diagonal[0]) < 1e-11;
            })
            .QuickCheckThrowOnFailure();

    private static (double[] Diagonal, double[] OffDiagonal) RandomTridiagonal(int size, int seed)
    {
        var random = new Random(seed);
        return (
            [.. Enumerable.Range(0, size).Select(_ => Matrices.Normal(random))],
            [.. Enumerable.Range(0, size - 1).Select(_ => Matrices.Normal(random))]
        );
    }

    private static double[,] Dense(double[] diagonal, double[] offDiagonal)
    {
        var matrix = Matrices.Diagonal(diagonal);
        for (var i = 0; i < diagonal.Length - 1; i++)
        {
            matrix[i, i + 1] = matrix[i + 1, i] = offDiagonal[i];
        }

        return matrix;
    }
}
