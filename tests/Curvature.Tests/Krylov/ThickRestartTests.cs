using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using static CurvatureMonitor.Curvature.Tests.Krylov.FactorisationAssertions;
using Vector = CurvatureMonitor.Torch.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class ThickRestartTests
{
    [Theory]
    [MemberData(nameof(LanczosTests.EveryMatrix), MemberType = typeof(LanczosTests))]
    public void The_factorisation_holds_and_the_basis_is_orthonormal_after_any_number_of_restarts(
        string name,
        ElementType type
    )
    {
        var matrix = Matrices.Named(name, size: 60);
        var norm = Matrices.NormOf(Matrices.Eigenvalues(matrix));
        var rounding = type == ElementType.Float64 ? 1e-13 : 1e-5;
        using var symmetric = Matrices.Operator(matrix, type);
        foreach (var restarts in new[] { 1, 2, 10, 40 })
        {
            using var process = new LanczosProcess(
                symmetric,
                Vectors.StartFor(symmetric, 3),
                16,
                breakdownTolerance: null,
                deviceBytes: long.MaxValue
            );
            for (var restart = 0; restart <= restarts; restart++)
            {
                while (process.CanStep && (restart < restarts || process.Size < 13))
                {
                    process.Step();
                }

                if (process.InvariantSubspace || restart == restarts)
                {
                    break;
                }

                process.Restart(
                    TridiagonalEigensolver.Solve(process.Alpha, process.Beta, vectors: true),
                    [0, 1, 2, 3, 14, 15]
                );
                Assert.Equal(6, process.Size);
            }

            using var decomposition = process.Finish();
            AssertFactorisation(symmetric, decomposition, rounding * norm, type == ElementType.Float64 ? 1e-13 : 3e-6);
        }
    }

    [Theory]
    [MemberData(nameof(LanczosTests.EveryMatrix), MemberType = typeof(LanczosTests))]
    public void Every_copy_of_the_ends_is_found_in_order_and_their_bounds_hold(string name, ElementType type)
    {
        var matrix = Matrices.Named(name, size: 90);
        var exact = Matrices.Eigenvalues(matrix);
        var norm = Matrices.NormOf(exact);
        var tolerance = type == ElementType.Float64 ? 1e-9 : 1e-4;
        using var symmetric = Matrices.Operator(matrix, type);
        var options = new ExtremalOptions
        {
            Top = 7,
            Bottom = 4,
            Tolerance = tolerance,
            MaximumSteps = 5000,
            MaximumVectors = 30,
            SearchComplement = true,
        };
        using var result = ExtremalEigenpairs.Find(symmetric, options);
        Assert.True(result.Converged);
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(exact[i], result.Top[i].Value, 2 * tolerance * norm);
            Assert.InRange(result.Top[i].ResidualBound, 0, 2 * tolerance * norm);
            AssertResidual(symmetric, result.Top[i], result.TopVectors[i], result.RoundingBound);
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(exact[^(i + 1)], result.Bottom[i].Value, 2 * tolerance * norm);
            AssertResidual(symmetric, result.Bottom[i], result.BottomVectors[i], result.RoundingBound);
        }

        AssertOrthonormal([.. result.TopVectors, .. result.BottomVectors], type == ElementType.Float64 ? 1e-12 : 3e-6);
    }

    [Fact]
    public void Ends_of_any_spectrum_agree_with_the_dense_eigenvalues() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                Gen.Choose(12, 60).ToArbitrary(),
                Gen.Choose(0, 3).ToArbitrary(),
                (seed, size, kind) =>
                {
                    // Indefinite; with repeated values, with values that nearly agree, on very different scales, or
                    // with nothing special.
                    var random = new Random(seed);
                    double[] eigenvalues =
                    [
                        .. Matrices
                            .Uniform(seed, size, -4, 6)
                            .Select(value =>
                                kind switch
                                {
                                    0 => Math.Round(value),
                                    1 => Math.Round(value) + (1e-7 * random.NextDouble()),
                                    2 => Math.Sign(value) * Math.Exp(3 * Math.Abs(value)),
                                    _ => value,
                                }
                            ),
                    ];
                    using var symmetric = Matrices.Operator(Matrices.WithEigenvalues(eigenvalues, seed));
                    var options = new ExtremalOptions
                    {
                        Top = 4,
                        Bottom = 3,
                        Tolerance = 1e-9,
                        MaximumSteps = 3000,
                        MaximumVectors = 18,
                        Seed = seed,
                        SearchComplement = true,
                    };
                    using var result = ExtremalEigenpairs.Find(symmetric, options);
                    Array.Sort(eigenvalues);
                    var allowed = 3e-9 * Matrices.NormOf(eigenvalues);
                    return result.Converged
                        && result
                            .Top.Select((pair, i) => Math.Abs(pair.Value - eigenvalues[^(i + 1)]))
                            .All(error => error <= allowed)
                        && result
                            .Bottom.Select((pair, i) => Math.Abs(pair.Value - eigenvalues[i]))
                            .All(error => error <= allowed);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Restarting_costs_products_and_changes_no_result()
    {
        var matrix = Matrices.Named("random", size: 150);
        using var symmetric = Matrices.Operator(matrix);
        var options = new ExtremalOptions
        {
            Top = 5,
            Bottom = 2,
            Tolerance = 1e-9,
            MaximumSteps = 2000,
            MaximumVectors = 160,
        };
        using var whole = ExtremalEigenpairs.Find(symmetric, options);
        using var restarted = ExtremalEigenpairs.Find(symmetric, options with { MaximumVectors = 20 });
        Assert.True(whole.Converged && restarted.Converged);
        Assert.True(restarted.Products > whole.Products, $"{restarted.Products} restarted, {whole.Products} not");
        Assert.Equal(restarted.Products, restarted.Steps);
        Assert.True(double.IsNaN(restarted.Top[0].FirstComponent));
        Assert.All(whole.Top.Zip(restarted.Top), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-8));
        Assert.All(whole.Bottom.Zip(restarted.Bottom), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-8));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(101)]
    public void A_search_that_runs_out_of_steps_says_so_with_bounds_that_hold(int steps)
    {
        // The ends of a uniform ramp: nothing is isolated.
        double[] eigenvalues = [.. Enumerable.Range(0, 400).Select(i => i / 400.0)];
        using var diagonal = Vector.From(eigenvalues, ElementType.Float64, Device.Cpu);
        var symmetric = Diagonal(diagonal);
        var options = new ExtremalOptions
        {
            Top = 6,
            Bottom = 2,
            Tolerance = 1e-8,
            MaximumSteps = steps,
            MaximumVectors = 24,
        };
        using var result = ExtremalEigenpairs.Find(symmetric, options);
        Assert.False(result.Converged);
        Assert.Equal(steps, result.Products);
        Assert.Contains(result.Top, pair => pair.ResidualBound > 1e-8);
        Assert.All(result.Top.Concat(result.Bottom), pair =>
            Assert.InRange(
                Matrices.DistanceToNearest(pair.Value, eigenvalues),
                0,
                pair.ResidualBound + result.RoundingBound
            )
        );
    }

    [Fact]
    public void The_ends_of_a_ramp_are_found_where_no_gap_helps()
    {
        double[] eigenvalues = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)];
        using var diagonal = Vector.From(eigenvalues, ElementType.Float64, Device.Cpu);
        var options = new ExtremalOptions
        {
            Top = 8,
            Bottom = 8,
            Tolerance = 1e-8,
            MaximumSteps = 5000,
            MaximumVectors = 40,
        };
        using var result = ExtremalEigenpairs.Find(Diagonal(diagonal), options);
        Assert.True(result.Converged, $"{result.Products} products");
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(0.999 - (i / 1000.0), result.Top[i].Value, 1e-9);
            Assert.Equal(i / 1000.0, result.Bottom[i].Value, 1e-9);
        }
    }

    [Fact]
    public void Searching_the_complement_finds_what_a_warm_start_cannot_see()
    {
        // The old vectors span an invariant subspace, and the random part is too small to bring up the new direction
        // before the old ones have converged.
        double[] entries = [4, .. Enumerable.Range(0, 300).Select(i => i * 0.001), -1];
        using var old = Matrices.Operator(Matrices.Diagonal(entries));
        using var before = ExtremalEigenpairs.Find(old, new ExtremalOptions { Tolerance = 1e-6 });
        entries[40] = 6;
        using var changed = Matrices.Operator(Matrices.Diagonal(entries));
        var options = new ExtremalOptions { Tolerance = 0.1, RandomShare = 1e-6 };
        IReadOnlyList<Vector> vectors = [.. before.TopVectors, .. before.BottomVectors];
        using var blind = ExtremalEigenpairs.Find(changed, options, vectors);
        using var seeing = ExtremalEigenpairs.Find(changed, options with { SearchComplement = true }, vectors);
        Assert.Equal(4, blind.LambdaMax!.Value, 0.01);
        Assert.True(seeing.Converged);
        Assert.Equal(6, seeing.LambdaMax!.Value, 0.1);
    }

    [Fact]
    public void Too_few_vectors_for_the_pairs_are_refused_with_the_fewest_that_do()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        var refusal = Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(
                symmetric,
                new ExtremalOptions
                {
                    Top = 20,
                    Bottom = 5,
                    MaximumVectors = 30,
                }
            )
        );
        Assert.Equal("MaximumVectors is at least 31 for 20 + 5 pairs, not 30", refusal.Message);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Top = 20,
                Bottom = 5,
                MaximumVectors = 31,
                MaximumSteps = 4000,
                Tolerance = 1e-9,
            }
        );
        Assert.True(result.Converged);
    }

    [Theory]
    [InlineData(10, 2, 1, 6)]
    [InlineData(10, 3, 0, 5)]
    [InlineData(10, 0, 3, 5)]
    [InlineData(36, 20, 5, 10)]
    public void A_restart_keeps_all_that_is_wanted_and_leaves_room(int size, int top, int bottom, int seed)
    {
        double[] values = [.. Matrices.Uniform(seed, size, -2, 5).OrderDescending()];
        foreach (var (topDone, bottomDone) in new[] { (false, false), (true, false), (false, true) })
        {
            var (i, j) = ThickRestart.Choose(values, top, bottom, topDone, bottomDone);
            Assert.InRange(i, top, size - ThickRestart.FewestSteps - j);
            Assert.InRange(j, bottom, size);
        }
    }

    private static Vectors.FunctionOperator Diagonal(Vector diagonal) => new(diagonal.Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
        });
}
