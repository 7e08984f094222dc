using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class ExtremalEigenpairsTests
{
    [Theory]
    [MemberData(nameof(LanczosTests.EveryMatrix), MemberType = typeof(LanczosTests))]
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

    [Fact]
    public void A_zero_operator_has_zero_ends_and_no_nan()
    {
        using var symmetric = Matrices.Operator(new double[20, 20]);
        using var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Top = 10 });
        Assert.True(result.Converged);
        Assert.Equal(10, result.Top.Count);
        Assert.All(result.Top, pair => Assert.Equal(0, pair.Value));
        Assert.Equal(new Estimate(0, 0), result.LambdaMin);
    }

    [Fact]
    public void An_operator_smaller_than_the_request_gives_all_it_has()
    {
        using var symmetric = Matrices.Operator(Matrices.Diagonal([1, 2, 3]));
        using var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Top = 10, Bottom = 10 });
        Assert.True(result.Converged);
        Assert.Equal([3.0, 2.0, 1.0], result.Top.Select(pair => Math.Round(pair.Value, 12)));
        Assert.Equal([1.0, 2.0, 3.0], result.Bottom.Select(pair => Math.Round(pair.Value, 12)));
    }

    [Fact]
    public void Running_out_of_steps_is_told_and_the_error_bar_still_holds()
    {
        var matrix = Matrices.Named("random", size: 200);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions { Tolerance = 1e-12, MaximumSteps = 8 }
        );
        Assert.False(result.Converged);
        Assert.Equal(8, result.Products);
        Assert.True(result.LambdaMax!.Error > 1e-12);
        Assert.InRange(Matrices.DistanceToNearest(result.LambdaMax.Value, exact), 0, result.LambdaMax.Error);
    }

    [Fact]
    public void A_warm_start_needs_fewer_products_on_a_perturbed_matrix()
    {
        // A spectrum like a network's: a few outliers, a bulk near zero, some negative curvature. The perturbation is 1
        // % of it.
        double[] eigenvalues =
        [
            12,
            9,
            7,
            5,
            4,
            .. Enumerable.Range(0, 290).Select(i => 1.5 * Math.Exp(-i / 40.0)),
            -0.4,
            -0.5,
            -0.7,
            -0.9,
            -1.2,
        ];
        var before = Matrices.WithEigenvalues(eigenvalues, 1);
        var change = Matrices.WithEigenvalues(Matrices.Uniform(3, 300, -0.1, 0.1), 2);
        var after = (double[,])before.Clone();
        for (var i = 0; i < 300; i++)
        {
            for (var j = 0; j < 300; j++)
            {
                after[i, j] += change[i, j];
            }
        }

        var options = new ExtremalOptions { Tolerance = 0.02, Seed = 5 };
        using var first = Matrices.Operator(before);
        using var second = Matrices.Operator(after);
        using var warm = new WarmStart(coldEvery: 3);
        warm.Remember(ExtremalEigenpairs.Find(first, options, warm.Vectors));
        using var cold = ExtremalEigenpairs.Find(second, options);
        var restarted = ExtremalEigenpairs.Find(second, options, warm.Vectors);
        warm.Remember(restarted);
        var exact = Matrices.Eigenvalues(after);
        Assert.True(restarted.WarmStarted && restarted.Converged && cold.Converged);
        Assert.True(2 * restarted.Products <= cold.Products, $"warm {restarted.Products}, cold {cold.Products}");
        Assert.Equal(exact[0], restarted.LambdaMax!.Value, 0.02 * exact[0]);
        Assert.Equal(exact[^1], restarted.LambdaMin!.Value, 0.02 * exact[0]);
    }

    [Fact]
    public void Start_vectors_that_point_opposite_ways_do_not_cancel()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("spiked"));
        using var exact = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Bottom = 0,
                Tolerance = 1e-12,
                MaximumSteps = 40,
            }
        );
        using var opposite = exact.TopVectors[0].Clone();
        opposite.Scale(-1);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Bottom = 0,
                Tolerance = 0.01,
                RandomShare = 1e-3,
            },
            [exact.TopVectors[0], opposite]
        );
        Assert.True(result.WarmStarted && result.Converged);
        Assert.Equal(1, result.Products);
    }

    [Fact]
    public void Every_so_many_warm_starts_one_is_cold()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var warm = new WarmStart(coldEvery: 3);
        var pattern = new List<bool>();
        for (var i = 0; i < 7; i++)
        {
            var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Seed = i }, warm.Vectors);
            pattern.Add(result.WarmStarted);
            warm.Remember(result);
        }

        Assert.Equal([false, true, true, false, true, true, false], pattern);
        warm.Forget();
        Assert.Empty(warm.Vectors);
    }

    [Fact]
    public void A_warm_start_finds_a_larger_eigenvalue_that_the_previous_vectors_miss()
    {
        // The old top direction stays an exact eigenvector; a new, larger one appears elsewhere. Only the random part
        // can see it.
        double[] entries = [4, .. Enumerable.Range(0, 80).Select(i => i * 0.02), -1];
        using var old = Matrices.Operator(Matrices.Diagonal(entries));
        using var result = ExtremalEigenpairs.Find(old, new ExtremalOptions { Tolerance = 1e-6, MaximumSteps = 82 });
        entries[40] = 6;
        using var changed = Matrices.Operator(Matrices.Diagonal(entries));
        using var next = ExtremalEigenpairs.Find(
            changed,
            new ExtremalOptions { Tolerance = 1e-6, MaximumSteps = 82 },
            [.. result.TopVectors, .. result.BottomVectors]
        );
        Assert.Equal(6, next.LambdaMax!.Value, 1e-5);
    }

    [Fact]
    public void An_outlier_that_the_first_steps_cannot_see_is_not_missed()
    {
        // 200,000 eigenvalues near 1 and one of 2: after two steps the Ritz values have residuals below 20 % and know
        // nothing of the outlier.
        var entries = Matrices.Uniform(1, 200_000, 0.8, 1.2);
        entries[777] = 2;
        using var diagonal = Vector.From(entries, ElementType.Float64, Device.Cpu);
        var symmetric = new Vectors.FunctionOperator(entries.Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
        });
        using var hasty = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Tolerance = 0.2,
                MinimumColdSteps = 0,
                MaximumSteps = 12,
            }
        );
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions { Tolerance = 0.2, MaximumSteps = 12 }
        );
        Assert.True(hasty.Converged && hasty.LambdaMax!.Value < 1.5);
        Assert.True(result.Converged);
        Assert.Equal(2, result.LambdaMax!.Value, 0.01);
    }

    [Fact]
    public void Senseless_options_and_misfit_vectors_are_refused()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var shortOne = Vectors.Random(7, 1);
        Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Top = 0, Bottom = 0 })
        );
        Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Tolerance = 0 })
        );
        Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { RandomShare = 0 })
        );
        Assert.Throws<ArgumentException>(() => ExtremalEigenpairs.Find(symmetric, previous: [shortOne]));
        Assert.Equal(0, symmetric.Products);
    }

    [Fact]
    public void One_end_alone_can_be_asked_for()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("spiked"));
        using var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Bottom = 0, Tolerance = 1e-10 });
        Assert.Equal(100, result.LambdaMax!.Value, 1e-8);
        Assert.Null(result.LambdaMin);
        Assert.Empty(result.Bottom);
    }
}
