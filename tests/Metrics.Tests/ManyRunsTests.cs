using System.Globalization;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class ManyRunsTests
{
    [Fact]
    public void After_500_short_runs_and_the_grace_period_the_number_of_series_is_what_it_was()
    {
        var clock = new ManualClock();
        var metrics = new CurvatureMetrics(
            new CurvatureMetricsOptions { GracePeriod = TimeSpan.FromMinutes(15) },
            clock
        );
        int before = SeriesOf(metrics);
        int most = 0;
        for (int i = 0; i < 500; i++)
        {
            Scenario.Fill(metrics.StartRun(new RunDescription("short-" + i.ToString(CultureInfo.InvariantCulture))));
            clock.Advance(TimeSpan.FromSeconds(20));
            most = i % 50 == 0 ? Math.Max(most, SeriesOf(metrics)) : most;
        }

        Assert.True(most > before);
        Assert.InRange(metrics.Runs.Count, 40, 46);
        clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(before, SeriesOf(metrics));
        Assert.Empty(metrics.Runs);
    }

    private static int SeriesOf(CurvatureMetrics metrics)
    {
        using var snapshot = metrics.Registry.Snapshot();
        return snapshot.SeriesCount;
    }
}
