using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Vector = CurvatureMonitor.Torch.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class LanczosTests
{
    public static TheoryData<string, ElementType> EveryMatrix()
    {
        var data = new TheoryData<string, ElementType>();
        foreach (var name in Matrices.Names)
        {
            data.Add(name, ElementType.Float64);
            data.Add(name, ElementType.Float32);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryMatrix))]
    public void The_factorisation_holds_and_the_basis_is_orthonormal(string name, ElementType type)
    {
        var matrix = Matrices.Named(name);
        var rounding = type == ElementType.Float64 ? 1e-13 : 1e-5;
        var norm = Matrices.NormOf(Matrices.Eigenvalues(matrix));
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 3);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 20 });

        var v = Columns(decomposition);
        using var column = start.ZerosLike();
        using var product = start.ZerosLike();
        for (var j = 0; j < v.Length; j++)
        {
            column.CopyFrom(v[j]);
            symmetric.Apply(column, product);
            product.Add(column, -decomposition.Alpha[j]);
            Subtract(product, j > 0 ? v[j - 1] : null, j > 0 ? decomposition.Beta[j - 1] : 0);
            Subtract(product, j < v.Length - 1 ? v[j + 1] : decomposition.Next?.ToArray(), decomposition.Beta[j]);
            var last = j == v.Length - 1 && decomposition.InvariantSubspace ? decomposition.Beta[j] : 0;
            Assert.InRange(product.Norm(), 0, (rounding * norm) + last);
            for (var i = 0; i <= j; i++)
            {
                Assert.Equal(
                    i == j ? 1 : 0,
                    v[i].Zip(v[j], (a, b) => a * b).Sum(),
                    type == ElementType.Float64 ? 1e-14 : 1e-6
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryMatrix))]
    public void Every_ritz_value_lies_within_its_error_bar_of_an_exact_eigenvalue(string name, ElementType type)
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 5);
        foreach (var steps in new[] { 1, 2, 5, 12, 25, 40 })
        {
            using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
            for (var i = 0; i < decomposition.Steps; i++)
            {
                var value = decomposition.RitzValue(i);
                Assert.InRange(
                    Matrices.DistanceToNearest(value.Value, exact),
                    0,
                    decomposition.RitzPairs[i].ResidualBound + decomposition.RoundingBound
                );
                Assert.True(value.Error >= decomposition.RitzPairs[i].ResidualBound);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryMatrix))]
    public void A_run_over_the_whole_space_finds_every_distinct_eigenvalue(string name, ElementType type)
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix);
        var tolerance = (type == ElementType.Float64 ? 1e-12 : 1e-5) * Matrices.NormOf(exact);
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 5);
        using var decomposition = Lanczos.Run(
            symmetric,
            start,
            new LanczosOptions { Steps = 1000, BreakdownTolerance = 1e-30 }
        );
        var found = decomposition.RitzPairs.Select(pair => pair.Value).ToArray();
        Assert.True(decomposition.InvariantSubspace);
        Assert.All(exact, value => Assert.InRange(Matrices.DistanceToNearest(value, found), 0, tolerance));
        Assert.All(found, value => Assert.InRange(Matrices.DistanceToNearest(value, exact), 0, tolerance));
    }

    [Theory]
    [InlineData("low-rank", 6)]
    [InlineData("repeated", 3)]
    public void A_matrix_with_few_distinct_eigenvalues_closes_the_subspace_early(string name, int distinct)
    {
        using var symmetric = Matrices.Operator(Matrices.Named(name));
        using var start = Vectors.StartFor(symmetric, 5);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 30 });
        Assert.True(decomposition.InvariantSubspace);
        Assert.Null(decomposition.Next);
        Assert.Equal(distinct, decomposition.Steps);
        Assert.Equal(distinct, symmetric.Products);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void Identity_and_zero_end_after_one_step_with_the_exact_value(int size)
    {
        foreach (var (matrix, expected) in new[] { (Matrices.Identity(size), 1.0), (new double[size, size], 0.0) })
        {
            using var symmetric = Matrices.Operator(matrix);
            using var start = Vectors.StartFor(symmetric, 1);
            using var decomposition = Lanczos.Run(symmetric, start);
            Assert.True(decomposition.InvariantSubspace);
            var pair = Assert.Single(decomposition.RitzPairs);
            Assert.Equal(expected, pair.Value, 1e-15);
            Assert.Equal(0, pair.ResidualBound, 1e-14);
            Assert.Equal(1, Math.Abs(pair.FirstComponent), 1e-15);
        }
    }

    [Fact]
    public void Ritz_vectors_are_unit_vectors_with_the_promised_residual()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 9);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 15 });
        using var y = start.ZerosLike();
        using var product = start.ZerosLike();
        for (var i = 0; i < decomposition.Steps; i++)
        {
            decomposition.RitzVector(i, y);
            Assert.Equal(1, y.Norm(), 1e-13);
            symmetric.Apply(y, product);
            product.Add(y, -decomposition.RitzPairs[i].Value);
            Assert.Equal(decomposition.RitzPairs[i].ResidualBound, product.Norm(), 1e-12);
        }
    }

    [Fact]
    public void Shifting_the_matrix_shifts_the_ritz_values_and_keeps_the_weights()
    {
        // Deep Curvature Suite, theorem 4.
        var matrix = Matrices.Named("random");
        var shifted = (double[,])matrix.Clone();
        for (var i = 0; i < 40; i++)
        {
            shifted[i, i] += 7;
        }

        using var original = Matrices.Operator(matrix);
        using var moved = Matrices.Operator(shifted);
        using var start = Vectors.StartFor(original, 2);
        using var first = Lanczos.Run(original, start, new LanczosOptions { Steps = 12 });
        using var second = Lanczos.Run(moved, start, new LanczosOptions { Steps = 12 });
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(first.RitzPairs[i].Value + 7, second.RitzPairs[i].Value, 1e-11);
            Assert.Equal(
                Math.Abs(first.RitzPairs[i].FirstComponent),
                Math.Abs(second.RitzPairs[i].FirstComponent),
                1e-10
            );
        }
    }

    [Fact]
    public void Ritz_values_stay_inside_the_spectrum_and_the_ends_only_move_outwards() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(3, 25).ToArbitrary(), (seed, size) =>
            {
                var matrix = Matrices.WithEigenvalues(Matrices.Uniform(seed, size, -2, 5), seed);
                var exact = Matrices.Eigenvalues(matrix);
                using var symmetric = Matrices.Operator(matrix);
                using var start = Vectors.StartFor(symmetric, seed);
                var (top, bottom) = (double.NegativeInfinity, double.PositiveInfinity);
                for (var steps = 1; steps <= size; steps += 2)
                {
                    using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
                    var (max, min) = (decomposition.RitzPairs[0].Value, decomposition.RitzPairs[^1].Value);
                    if (max > exact[0] + 1e-12 || min < exact[^1] - 1e-12 || max < top - 1e-12 || min > bottom + 1e-12)
                    {
                        return false;
                    }

                    (top, bottom) = (max, min);
                }

                return true;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void The_same_start_vector_gives_the_same_decomposition_and_is_left_alone()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 2);
        start.Scale(17);
        var before = start.ToArray();
        using var first = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        using var second = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        Assert.Equal(first.Alpha, second.Alpha);
        Assert.Equal(first.Beta, second.Beta);
        Assert.Equal(before, start.ToArray());
    }

    private static double[][] Columns(LanczosDecomposition decomposition)
    {
        using var column = Vector.Zeros(decomposition.Basis.Length, decomposition.Basis.ElementType, Device.Cpu);
        return
        [
            .. Enumerable
                .Range(0, decomposition.Steps)
                .Select(j =>
                {
                    decomposition.Basis.CopyColumn(j, column);
                    return column.ToArray();
                }),
        ];
    }

    private static void Subtract(Vector product, double[]? direction, double factor)
    {
        if (direction is not null)
        {
            using var vector = Vector.From(direction, product.ElementType, Device.Cpu);
            product.Add(vector, -factor);
        }
    }
}
