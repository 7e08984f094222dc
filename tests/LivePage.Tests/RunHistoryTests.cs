using System.Globalization;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Reports.Runs;
using static CurvatureMonitor.LivePage.Tests.EventFrames;

namespace CurvatureMonitor.LivePage.Tests;

public sealed partial class RunHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Training_points_stay_within_the_bound_and_keep_the_first_and_the_last()
    {
        var history = new RunHistory(new RunHistoryOptions { TrainingPoints = 10 });
        for (int step = 0; step < 1000; step++)
        {
            history.Add(Point("a", step));
            var training = history.Find("a")!.Training;
            Assert.InRange(training.Count, 1, 10);
            Assert.Equal(0, training[0].Step);
            Assert.Equal(step, training[^1].Step);
        }

        Assert.Equal(999, history.Runs()[0].Step);
    }

    [Fact]
    public void Measurements_are_bounded_for_each_analysis_and_operator_and_stand_in_the_order_of_finishing()
    {
        var history = new RunHistory(new RunHistoryOptions { Measurements = 6 });
        for (int step = 0; step < 100; step++)
        {
            history.Add(Measurement("a", step, "hessian"));
            history.Add(Measurement("a", step, "ggn"));
        }

        history.Add(Measurement("a", 100, "residual"));
        var measurements = history.Find("a")!.Measurements;
        Assert.InRange(measurements.Count(measurement => measurement.Operator == "hessian"), 4, 6);
        Assert.InRange(measurements.Count(measurement => measurement.Operator == "ggn"), 4, 6);
        Assert.Equal("residual", measurements[^1].Operator);
        Assert.Equal(measurements.OrderBy(measurement => measurement.Time), measurements);
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_events_go()
    {
        var history = new RunHistory(new RunHistoryOptions { Events = 3 });
        for (int i = 0; i < 10; i++)
        {
            history.Add(
                new RunEvent
                {
                    Run = "a",
                    Time = Noon,
                    Kind = RunEventKind.Failed,
                    Text = i.ToString(CultureInfo.InvariantCulture),
                }
            );
        }

        Assert.Equal(["7", "8", "9"], history.Find("a")!.Events.Select(runEvent => runEvent.Text));
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_run_that_no_longer_runs_goes()
    {
        var history = new RunHistory(new RunHistoryOptions { Runs = 3 });
        foreach (string run in new[] { "a", "b", "c" })
        {
            history.Start(new RunDescription(run));
        }

        history.ChangeState("b", RunState.Finished);
        history.ChangeState("c", RunState.Failed);
        history.Start(new RunDescription("d"));
        Assert.Equal(["d", "c", "a"], history.Runs().Select(summary => summary.Run));
        Assert.Null(history.Find("b"));

        history.ChangeState("c", RunState.Running);
        history.Start(new RunDescription("e"));
        Assert.Equal(["e", "d", "c"], history.Runs().Select(summary => summary.Run));
    }

    [Fact]
    public void A_run_of_the_same_name_starts_afresh()
    {
        var history = new RunHistory();
        history.Start(new RunDescription("a") { Model = "lenet" });
        history.Start(new RunDescription("b"));
        history.Add(Point("a", 5));
        history.Add(Measurement("a", 5, "hessian"));
        history.ChangeState("a", RunState.Finished);
        history.Start(new RunDescription("a") { Model = "mlp" });

        var document = history.Find("a")!;
        Assert.Equal(
            ("mlp", RunState.Running, null, null),
            (document.Run.Model, document.Run.State, document.Run.Step, document.Run.LambdaMax)
        );
        Assert.Empty(document.Training);
        Assert.Empty(document.Measurements);
        Assert.Equal(["a", "b"], history.Runs().Select(summary => summary.Run));
    }

    [Fact]
    public void A_report_before_the_start_makes_the_run_known()
    {
        var clock = new ManualClock();
        var history = new RunHistory(clock: clock);
        history.Add(Point("early", 1));
        var summary = Assert.Single(history.Runs());
        Assert.Equal(("early", 1, ManualClock.Start), (summary.Run, summary.Step, summary.StartTime));
    }

    [Fact]
    public void A_report_without_a_run_is_refused_and_changes_nothing()
    {
        var history = new RunHistory();
        Assert.Throws<ArgumentException>(() => history.Start(new RunDescription("")));
        Assert.Throws<ArgumentNullException>(() => history.Add(new TrainingPoint { Step = 1, Time = Noon }));
        Assert.Throws<ArgumentException>(() =>
            history.Add(
                new RunEvent
                {
                    Run = "",
                    Time = Noon,
                    Kind = RunEventKind.Failed,
                    Text = "x",
                }
            )
        );
        Assert.Empty(history.Runs());
    }

    [Fact]
    public void A_fast_training_sends_its_newest_point_at_the_set_pace_and_its_last_when_it_ends()
    {
        var clock = new ManualClock();
        var history = new RunHistory(
            new RunHistoryOptions { TrainingEventInterval = TimeSpan.FromMilliseconds(50) },
            clock
        );
        using var subscription = history.Subscribe();
        for (int step = 0; step < 100; step++)
        {
            history.Add(Point("a", step));
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        history.ChangeState("a", RunState.Finished);
        var steps = Frames(subscription)
            .Where(frame => frame.Contains("event: training", StringComparison.Ordinal))
            .Select(Step);
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => 5L * i), 99], steps);
        Assert.Equal(100, history.Find("a")!.Training.Count);
    }

    [Fact]
    public async Task Writers_and_readers_at_the_same_time_see_consistent_pictures()
    {
        const int Writers = 4;
        const int Steps = 1500;
        var history = new RunHistory(
            new RunHistoryOptions
            {
                TrainingPoints = 16,
                Measurements = 8,
                Events = 5,
                TrainingEventInterval = TimeSpan.Zero,
                ClientQueue = 1_000_000,
            }
        );
        using var subscription = history.Subscribe();
        using var done = new CancellationTokenSource();
        var readers = Enumerable
            .Range(0, 2)
            .Select(_ =>
                Task.Run(() =>
                {
                    while (!done.IsCancellationRequested)
                    {
                        foreach (var summary in history.Runs())
                        {
                            var document = history.Find(summary.Run)!;
                            Assert.InRange(document.Training.Count, 0, 16);
                            Assert.InRange(document.Events.Count, 0, 5);
                            Assert.Equal(
                                document.Run.Step,
                                document.Training.Count == 0 ? null : document.Training[^1].Step
                            );
                            using var passing = history.Subscribe();
                        }
                    }
                })
            )
            .ToArray();
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(() =>
                    {
                        string run = $"run {writer}";
                        for (int step = 0; step < Steps; step++)
                        {
                            history.Add(Point(run, step));
                            if (step % 10 == 0)
                            {
                                history.Add(Measurement(run, step, "hessian"));
                                history.Add(
                                    new RunEvent
                                    {
                                        Run = run,
                                        Time = Noon,
                                        Kind = RunEventKind.Dropped,
                                        Text = "x",
                                    }
                                );
                                history.CountDropped(run, step);
                            }
                        }
                    })
                )
        );
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(1, history.Listeners);
        Assert.Equal(Writers, history.Runs().Count);
        var frames = Frames(subscription);
        Assert.Equal(Enumerable.Range(1, frames.Count).Select(id => (long)id), frames.Select(Id));
        foreach (
            var run in frames.Where(frame => frame.Contains("event: training", StringComparison.Ordinal)).GroupBy(Run)
        )
        {
            Assert.Equal(Enumerable.Range(0, Steps).Select(step => (long)step), run.Select(Step));
        }
    }

    private static TrainingPoint Point(string run, long step) =>
        new()
        {
            Run = run,
            Step = step,
            Time = Noon.AddSeconds(step),
            Loss = 1.0 / (step + 1),
        };

    private static MeasurementPoint Measurement(string run, long step, string operatorName) =>
        new()
        {
            Run = run,
            Step = step,
            Time = Noon.AddSeconds(step),
            Analysis = "spectrum",
            Operator = operatorName,
            LambdaMax = step,
        };
}
