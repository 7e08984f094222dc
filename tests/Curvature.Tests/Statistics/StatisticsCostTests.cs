using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>The cost of statistics.</summary>
[Collection(nameof(Alone))]
public class StatisticsCostTests
{
    [Fact]
    public void Cost_is_measured_by_the_clock_that_was_handed_in()
    {
        using var model = new TinyModel();
        var measured = new CurvatureStatistics(model.Linearization, new FrozenClock()).Trace(
            OperatorKind.Hessian,
            new TraceOptions { Probes = 3 }
        );
        Assert.Equal(0, measured.Cost.Seconds);
        Assert.Equal(3, measured.Cost.CurvatureProducts);
        Assert.True(measured.Cost.PeakBytes > 0);
        Assert.Equal((3, 11, "trace"), (measured.Provenance.Probes, measured.Provenance.Samples, measured.Analysis));
    }
}
