using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
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
                var norm = ExactTrace.Frobenius(matrix);
                Assert.True(result.Exact);
                Assert.Equal(40, symmetric.Products);
                Assert.Equal(ExactTrace.Trace(matrix, 0, 40), result.Trace.Value, 1e-13 * norm);
                Assert.Equal(norm, result.Frobenius.Value, 1e-13 * norm);
                Assert.Equal(ExactTrace.Trace(matrix, 12, 32), result.Layers[1].Estimate.Value, 1e-13 * norm);
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
        Assert.Equal(ExactTrace.Trace(Matrices.Named("diagonal"), 0, 40), result.Trace.Value, 1e-11);
        Assert.InRange(result.Trace.Error, 0, 1e-11);
    }
}
