using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Training.Schedules;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

/// <summary>The course of a run.</summary>
public sealed class TrainingCourseTests
{
    [Fact]
    public void Steps_epochs_and_rates_follow_the_options_until_the_last_step()
    {
        var options = SmallRuns.Options(
            "softmax:input=1,4,4;classes=3",
            "sgd:learning_rate=0.5",
            steps: 7,
            batch: 8
        ) with
        {
            Schedule = LearningRateSchedule.Parse("warmup:2+step:2,0.5"),
        };
        using var samples = new SyntheticData(20, [1, 4, 4], 3, 1).Samples(ElementType.Float64);
        using var run = new TrainingRun(options, samples);
        Assert.Equal(3, run.StepsPerEpoch);
        var steps = new List<TrainingStep>();
        while (!run.IsFinished)
        {
            var rate = run.LearningRate;
            steps.Add(run.Step());
            Assert.Equal(rate, steps[^1].LearningRate);
            Assert.Equal(steps.Count, run.CompletedSteps);
        }

        Assert.Equal([1L, 2, 3, 4, 5, 6, 7], steps.Select(s => s.Step));
        Assert.Equal([0L, 0, 0, 1, 1, 1, 2], steps.Select(s => s.Epoch));
        Assert.Equal([0.25, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125], steps.Select(s => s.LearningRate));
        Assert.Equal(7, run.Optimizer.StepCount);
        Assert.False(run.HasDiverged);
        Assert.Throws<InvalidOperationException>(run.Step);
    }
}
