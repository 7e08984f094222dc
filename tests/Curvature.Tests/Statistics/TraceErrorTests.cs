using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Standard errors of traces.</summary>
public class TraceErrorTests
{
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
        var (trace, norm) = (ExactTrace.Trace(matrix, 0, 40), ExactTrace.Frobenius(matrix));
        Assert.InRange(results.Count(r => Math.Abs(r.Trace.Value - trace) < r.Trace.Error), 165, 235);
        Assert.InRange(results.Count(r => Math.Abs(r.Trace.Value - trace) > 3 * r.Trace.Error), 0, 8);
        Assert.InRange(results.Count(r => Math.Abs(r.Frobenius.Value - norm) < r.Frobenius.Error), 165, 235);
        Assert.InRange(results.Count(r => Math.Abs(r.Frobenius.Value - norm) > 3 * r.Frobenius.Error), 0, 8);
    }
}
