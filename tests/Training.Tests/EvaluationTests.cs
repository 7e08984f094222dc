using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

/// <summary>Evaluations.</summary>
public sealed class EvaluationTests
{
    [Fact]
    public void An_evaluation_uses_the_running_statistics_and_disturbs_nothing()
    {
        using var samples = new SyntheticData(40, [1, 8, 8], 5, 2).Samples(ElementType.Float64);
        using var test = new SyntheticData(11, [1, 8, 8], 5, 3).Samples(ElementType.Float64);
        var options = SmallRuns.Options(SmallRuns.TinyCnn, "sgd", steps: 6, batch: 8) with { EvaluationBatchSize = 4 };
        using var run = new TrainingRun(options, samples, test);
        using var silent = new TrainingRun(options, samples);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(silent.Step().Loss, run.Step().Loss);
            run.Evaluate();
        }

        using var objective = new Objective(run.Model, test, Loss.CrossEntropy, BatchNormMode.Eval, 11);
        using var buffers = Vector.Zeros(run.BufferCount, ElementType.Float64, Device.Cpu);
        run.GetBuffers(buffers);
        objective.SetBuffers(buffers);
        var expected = objective.Evaluate(run.Parameters);
        var actual = run.Evaluate();
        Assert.NotNull(actual);
        Assert.Equal(expected.Loss, actual.Loss, 1e-12);
        Assert.Equal(expected.Accuracy, actual.Accuracy);
        Assert.Null(silent.Evaluate());
    }
}
