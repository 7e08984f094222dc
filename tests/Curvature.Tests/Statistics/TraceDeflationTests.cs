using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Traces with directions taken out.</summary>
public class TraceDeflationTests
{
    private static readonly TensorSlot[] Layers = [new("a", [4, 3], 0), new("b", [20], 12), new("c", [8], 32)];

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
        Assert.Equal(ExactTrace.Trace(matrix, 0, 40), means[0], 4 * 2 * result.Trace.Error / 20);
        Assert.Equal(ExactTrace.Trace(matrix, 32, 40), means[1], 4 * 2 * result.Layers[2].Estimate.Error / 20);
        Array.ForEach(deflation, vector => vector.Dispose());
    }
}
