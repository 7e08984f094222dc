using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

/// <summary>A single step.</summary>
public sealed class TrainingStepTests
{
    [Fact]
    public void A_step_of_gradient_descent_is_the_gradient_of_its_batch_times_the_rate()
    {
        var options = SmallRuns.Options("softmax:input=1,4,4;classes=3", "sgd:learning_rate=0.25", steps: 10, batch: 8);
        using var samples = new SyntheticData(20, [1, 4, 4], 3, 1).Samples(ElementType.Float64);
        using var run = new TrainingRun(options, samples);
        using var objective = new Objective(run.Model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 20);
        using var expected = run.Parameters.Clone();
        using var gradient = expected.ZerosLike();
        var loss = objective.Gradient(expected, new BatchSampler(20, 8, options.Seed).Batch(0), gradient);
        var norm = gradient.Norm();
        expected.Add(gradient, -0.25);

        var step = run.Step();

        Assert.Equal(1, step.Step);
        Assert.Equal(0, step.Epoch);
        Assert.Equal(8, step.BatchSamples);
        Assert.Equal(0.25, step.LearningRate);
        Assert.Equal(loss, step.Loss, 1e-13);
        Assert.Equal(norm, step.GradientNorm, 1e-13);
        expected.Add(run.Parameters, -1);
        Assert.True(expected.MaxAbs() < 1e-14);
    }
}
