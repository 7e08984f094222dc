using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

/// <summary>Runs that fail, and that are gone.</summary>
public sealed class TrainingFailureTests
{
    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run_and_leaves_the_parameters_alone()
    {
        var options = SmallRuns.Options(
            "mlp:input=1,4,4;hidden=8;classes=3",
            "sgd:learning_rate=1e200",
            steps: 50,
            batch: 20
        );
        using var samples = new SyntheticData(20, [1, 4, 4], 3, 1).Samples(ElementType.Float64);
        using var run = new TrainingRun(options, samples);
        var step = run.Step();
        using var before = run.Parameters.Clone();
        while (step.IsFinite)
        {
            before.CopyFrom(run.Parameters);
            step = run.Step();
        }

        Assert.True(run.HasDiverged);
        Assert.True(run.IsFinished);
        Assert.Equal(run.CompletedSteps + 1, step.Step);
        Assert.Equal(before.ToArray(), run.Parameters.ToArray());
        Assert.Throws<InvalidOperationException>(run.Step);
    }

    [Fact]
    public void Wrong_options_make_no_run()
    {
        using var samples = new SyntheticData(4, [1, 4, 4], 3, 1).Samples(ElementType.Float64);
        Assert.Throws<TrainingConfigurationException>(() =>
            new TrainingRun(SmallRuns.Options("softmax", "sgd", steps: 0, batch: 1), samples)
        );
    }

    [Fact]
    public void A_disposed_run_refuses_to_go_on()
    {
        using var samples = new SyntheticData(4, [1, 4, 4], 3, 1).Samples(ElementType.Float64);
        var run = new TrainingRun(SmallRuns.Options("softmax:input=1,4,4", "sgd", steps: 5, batch: 2), samples);
        run.Dispose();
        run.Dispose();
        Assert.Throws<ObjectDisposedException>(run.Step);
        Assert.Throws<ObjectDisposedException>(run.Evaluate);
    }
}
