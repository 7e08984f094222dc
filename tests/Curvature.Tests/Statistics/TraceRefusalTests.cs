using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Traces that cannot be had.</summary>
public class TraceRefusalTests
{
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
        var symmetric = new FunctionOperator(5, (_, result) => result.Fill(double.NaN));
        Assert.Contains(
            "not finite",
            Assert.Throws<CurvatureException>(() => StochasticTrace.Estimate(symmetric)).Message,
            StringComparison.Ordinal
        );
    }
}
