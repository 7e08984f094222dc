using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Sharpness along sequences of matrices that change slowly, searched warm to 10 %.</summary>
public class WarmSequenceTests
{
    private const int Size = 120;
    private const int Length = 20;

    private static readonly ExtremalOptions Search = new() { Tolerance = 0.1 };

    /// <summary>Share of λ1 that the second eigenvalue is, and of λ1 by which the matrix changes a step.</summary>
    public static TheoryData<double, double> Sequences =>
        new()
        {
            { 0.3, 0.02 },
            { 0.5, 0.02 },
            { 0.5, 0.05 },
            { 0.7, 0.05 },
            { 0.9, 0.05 },
            { 1.0, 0.05 },
            { 0.5, 0.2 },
            { 0.9, 0.3 },
        };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Every_error_bar_covers_an_eigenvalue(double second, double change)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            foreach (var (found, exact) in Follow(second, change, seed))
            {
                Assert.InRange(Matrices.DistanceToNearest(found.Value, exact), 0, found.Error + 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    public void Two_products_do_where_little_changes_and_the_largest_stands_apart(double second)
    {
        var products = new List<long>();
        for (var seed = 0; seed < 5; seed++)
        {
            foreach (var (found, exact) in Follow(second, 0.02, seed))
            {
                products.Add(found.Products);
                Assert.InRange(exact[0] - found.Value, -1e-12, 0.1 * exact[0]);
                Assert.InRange(exact[0] - found.Value, -1e-12, found.Error + 1e-12);
            }
        }

        products.Sort();
        Assert.Equal(2, products[products.Count / 2]);
    }

    [Fact]
    public void The_bound_by_gap_ends_a_search_whose_residual_is_above_the_tolerance()
    {
        // y = (cos φ, sin φ) as start: one product, r = sin φ cos φ above the tolerance, r²/gap below it.
        using var symmetric = Matrices.Operator(Matrices.Diagonal([1, .. new double[99]]));
        var (sine, cosine) = Math.SinCos(0.2);
        using var start = Derivatives.Vector.From(
            [cosine, sine, .. new double[98]],
            Contracts.Models.ElementType.Float64,
            Contracts.Models.Device.Cpu
        );
        var options = new ExtremalOptions
        {
            Bottom = 0,
            Tolerance = 0.1,
            RandomShare = 1e-9,
        };
        using var without = ExtremalEigenpairs.Find(symmetric, options, [start]);
        using var with = ExtremalEigenpairs.Find(
            symmetric,
            options with
            {
                Gap = new SpectralGap(Second: 0.2, Moved: 0, Largest: 1),
            },
            [start]
        );
        Assert.Equal((2, 1), (without.Products, with.Products));
        Assert.InRange(with.Top[0].ResidualBound, 0.1, 1);
        Assert.InRange(1 - with.LambdaMax!.Value, 0, with.LambdaMax.Error);
    }

    private static IEnumerable<(Found Of, double[] Exact)> Follow(double second, double change, int seed)
    {
        // One outlier, others below it, a bulk around zero, some negative curvature.
        double[] spectrum =
        [
            1,
            second,
            0.8 * second,
            0.6 * second,
            .. Matrices.Uniform(seed, Size - 5, -0.02, 0.05),
            -0.1,
        ];
        var matrix = Matrices.WithEigenvalues(spectrum, (10 * seed) + 1);
        using var warm = new WarmStart(coldEvery: 10);
        for (var step = 0; step < Length; step++)
        {
            using var symmetric = Matrices.Operator(matrix);
            var cold = warm.Vectors.Count == 0;
            var options = Search with { Seed = step, Gap = warm.Gap };
            var result = ExtremalEigenpairs.Find(symmetric, options, warm.Vectors);
            Assert.True(result.Converged);
            var of = new Found(result.LambdaMax!.Value, result.LambdaMax.Error, result.Products);
            warm.Remember(result);
            if (!cold)
            {
                yield return (of, Matrices.Eigenvalues(matrix));
            }

            Move(matrix, change, seed, step);
        }
    }

    // A random symmetric change of the given norm, of low rank as the changes of a network's Hessian are.
    private static void Move(double[,] matrix, double change, int seed, int step)
    {
        const int rank = 4;
        double[] sizes = [.. Matrices.Uniform((1000 * seed) + step, rank, -change, change), .. new double[Size - rank]];
        var move = Matrices.WithEigenvalues(sizes, (100 * seed) + step + 7);
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                matrix[i, j] += move[i, j];
            }
        }
    }

    private sealed record Found(double Value, double Error, long Products);
}
