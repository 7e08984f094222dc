using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>Whether a run's books balance, by its summary, by its events and by its metrics.</summary>
internal static class Accounts
{
    public static void AssertBalanced(MonitorUnderTest monitor, RunSummary summary)
    {
        var run = summary.Run;
        Assert.Equal(summary.Emitted, summary.Measured + summary.Failed + summary.Dropped.Values.Sum());
        var events = monitor.Observer.Events.Where(e => e.Run == run).ToList();
        Assert.IsType<RunStarted>(events[0]);
        Assert.IsType<RunEnded>(events[^1]);
        var emitted = events.OfType<CheckpointTaken>().Select(e => e.Step).ToList();
        var dropped = events.OfType<CheckpointDropped>().ToList();
        var measured = events.OfType<CheckpointMeasured>().Select(e => e.Step).Distinct().ToList();
        Assert.Equal(summary.Emitted, emitted.Count);
        Assert.Equal(emitted, emitted.Distinct());
        Assert.Equal(summary.Measured, measured.Count);
        Assert.Empty(measured.Intersect(dropped.Select(e => e.Step)));
        Assert.Empty(measured.Except(emitted));
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var expected = summary.Dropped.GetValueOrDefault(reason);
            Assert.Equal(expected, dropped.Count(e => e.Reason == reason));
            Assert.Equal(
                expected,
                monitor.Sample(
                    $"curvature_checkpoints_dropped_total{{run=\"{run}\",reason=\"{KnownLabels.Text(reason)}\"}}"
                )
            );
        }

        Assert.Equal(summary.Emitted, monitor.Sample($"curvature_checkpoints_emitted_total{{run=\"{run}\"}}"));
    }
}
