using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Traces with eigenvectors taken out.</summary>
public class TraceEigenvectorTests
{
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
}
