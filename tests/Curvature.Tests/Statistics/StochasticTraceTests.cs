using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

public class StochasticTraceTests
{
    private static readonly TensorSlot[] Layers = [new("a", [4, 3], 0), new("b", [20], 12), new("c", [8], 32)];

    [Fact]
    public void As_many_probes_as_dimensions_give_the_exact_trace_norm_and_layers() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
            {
                var matrix = Matrices.Named(Matrices.Names[seed % Matrices.Names.Length], seed);
                using var symmetric = Matrices.Operator(matrix);
                var result = StochasticTrace.Estimate(
                    symmetric,
                    new TraceOptions { Probes = 40, Seed = seed },
                    layers: Layers
                );
                var norm = Frobenius(matrix);
                Assert.True(result.Exact);
                Assert.Equal(40, symmetric.Products);
                Assert.Equal(Trace(matrix, 0, 40), result.Trace.Value, 1e-13 * norm);
                Assert.Equal(norm, result.Frobenius.Value, 1e-13 * norm);
                Assert.Equal(Trace(matrix, 12, 32), result.Layers[1].Estimate.Value, 1e-13 * norm);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Layers_add_up_to_the_trace_with_and_without_deflation()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var direction = Vectors.Random(40, 3);
        foreach (var deflation in new Vector[][] { [], [direction] })
        {
            var result = StochasticTrace.Estimate(
                symmetric,
                new TraceOptions { Probes = 5, Seed = 2 },
                deflation,
                Layers
            );
            Assert.Equal(deflation.Length, result.Deflated);
            Assert.Equal(result.Trace.Value, result.Layers.Sum(layer => layer.Estimate.Value), 1e-12);
        }
    }

    [Fact]
    public void A_diagonal_matrix_needs_one_probe_and_shows_no_spread_in_its_trace()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("diagonal"));
        var result = StochasticTrace.Estimate(symmetric, new TraceOptions { Probes = 2 });
        Assert.Equal(Trace(Matrices.Named("diagonal"), 0, 40), result.Trace.Value, 1e-11);
        Assert.InRange(result.Trace.Error, 0, 1e-11);
    }

    [Fact]
    public void Deflation_by_any_orthogonal_directions_leaves_the_expectation_as_it_is()
    {
        var matrix = Matrices.Named("random");
        using var symmetric = Matrices.Operator(matrix);
        Vector[] deflation = [Vectors.Random(40, 10), Vectors.Random(40, 11), Vectors.Random(40, 12)];
        var result = StochasticTrace.Estimate(symmetric, new TraceOptions { Probes = 39, Seed = 5 }, deflation, Layers);
        var means = new double[2];
        const int repeats = 400;
        for (var seed = 0; seed < repeats; seed++)
        {
            var one = StochasticTrace.Estimate(
                symmetric,
                new TraceOptions { Probes = 10, Seed = 1000 + seed },
                deflation,
                Layers
            );
            means[0] += one.Trace.Value / repeats;
            means[1] += one.Layers[2].Estimate.Value / repeats;
        }

        // The mean of 400 estimates has a twentieth of the spread of one, itself about twice that of 39 probes.
        Assert.Equal(Trace(matrix, 0, 40), means[0], 4 * 2 * result.Trace.Error / 20);
        Assert.Equal(Trace(matrix, 32, 40), means[1], 4 * 2 * result.Layers[2].Estimate.Error / 20);
        Array.ForEach(deflation, vector => vector.Dispose());
    }

    [Fact]
    public void Deflating_a_low_rank_matrix_by_its_eigenvectors_leaves_nothing_to_chance()
    {
        var values = Enumerable.Range(0, 40).Select(i => i < 3 ? 10.0 - i : 0).ToArray();
        using var symmetric = Matrices.Operator(Matrices.WithEigenvalues(values, 7));
        using var found = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Top = 3,
                Bottom = 0,
                Tolerance = 1e-12,
            }
        );
        var result = StochasticTrace.Estimate(symmetric, new TraceOptions { Probes = 3 }, found.TopVectors);
        Assert.Equal(27, result.Trace.Value, 1e-10);
        Assert.Equal(Math.Sqrt(100 + 81 + 64), result.Frobenius.Value, 1e-10);
        Assert.InRange(result.Trace.Error, 0, 1e-10);
    }

    [Fact]
    public void Dependent_and_repeated_directions_are_taken_out_once()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var direction = Vectors.Random(40, 3);
        using var twice = direction.Clone();
        twice.Scale(-2);
        Assert.Equal(
            1,
            StochasticTrace.Estimate(symmetric, new TraceOptions { Probes = 5 }, [direction, twice, direction]).Deflated
        );
    }

    [Fact]
    public void Standard_errors_shrink_as_one_over_the_square_root_of_the_probes()
    {
        using var symmetric = Matrices.Operator(Matrices.WithEigenvalues(Matrices.Uniform(4, 200, -1, 3), 4));
        var few = Median(probes: 16);
        var many = Median(probes: 144);
        Assert.Equal(3, few.Trace / many.Trace, 0.4);
        Assert.Equal(3, few.Frobenius / many.Frobenius, 0.4);

        (double Trace, double Frobenius) Median(int probes)
        {
            var results = Enumerable
                .Range(0, 25)
                .Select(seed => StochasticTrace.Estimate(symmetric, new TraceOptions { Probes = probes, Seed = seed }))
                .ToArray();
            return (
                results.Select(r => r.Trace.Error).Order().ElementAt(12),
                results.Select(r => r.Frobenius.Error).Order().ElementAt(12)
            );
        }
    }

    [Fact]
    public void Two_estimates_in_three_lie_within_one_standard_error_and_nearly_all_within_three()
    {
        var matrix = Matrices.Named("clustered");
        using var symmetric = Matrices.Operator(matrix);
        var results = Enumerable
            .Range(0, 300)
            .Select(seed => StochasticTrace.Estimate(symmetric, new TraceOptions { Probes = 30, Seed = seed }))
            .ToArray();
        var (trace, norm) = (Trace(matrix, 0, 40), Frobenius(matrix));
        Assert.InRange(results.Count(r => Math.Abs(r.Trace.Value - trace) < r.Trace.Error), 165, 235);
        Assert.InRange(results.Count(r => Math.Abs(r.Trace.Value - trace) > 3 * r.Trace.Error), 0, 8);
        Assert.InRange(results.Count(r => Math.Abs(r.Frobenius.Value - norm) < r.Frobenius.Error), 165, 235);
        Assert.InRange(results.Count(r => Math.Abs(r.Frobenius.Value - norm) > 3 * r.Frobenius.Error), 0, 8);
    }

    [Fact]
    public void One_probe_has_no_error_bar_and_is_refused()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            StochasticTrace.Estimate(symmetric, new TraceOptions { Probes = 1 })
        );
    }

    [Fact]
    public void A_product_that_is_not_finite_ends_the_estimate()
    {
        var symmetric = new Vectors.FunctionOperator(5, (_, result) => result.Fill(double.NaN));
        Assert.Contains(
            "not finite",
            Assert.Throws<CurvatureException>(() => StochasticTrace.Estimate(symmetric)).Message,
            StringComparison.Ordinal
        );
    }

    private static double Trace(double[,] matrix, int from, int to) =>
        Enumerable.Range(from, to - from).Sum(i => matrix[i, i]);

    private static double Frobenius(double[,] matrix) => Math.Sqrt(matrix.Cast<double>().Sum(x => x * x));
}
