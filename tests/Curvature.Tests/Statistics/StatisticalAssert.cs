using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Compares what is known with estimates and their error bars.</summary>
internal static class StatisticalAssert
{
    internal static void WithinThreeErrors(double expected, Estimate actual) =>
        Assert.InRange(Math.Abs(expected - actual.Value), 0, 3 * actual.Error);
}
