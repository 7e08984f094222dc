using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Schedules;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

public sealed class TrainingRunTests
{
    private const string TinyCnn = "cnn-bn:input=1,8,8;channels=3,4;classes=5";

    [Theory]
    [InlineData("sgd:learning_rate=0.1;momentum=0.9")]
    [InlineData("adamw")]
    public void The_same_seed_gives_the_same_losses_and_parameters_bit_for_bit(string optimizer)
    {
        var options = Options(TinyCnn, optimizer, steps: 12, batch: 16) with
        {
            ElementType = ElementType.Float32,
            Seed = 3,
        };
        var (losses, parameters) = Train(options);
        var (again, parametersAgain) = Train(options);
        Assert.Equal(losses, again);
        Assert.Equal(parameters, parametersAgain);
        Assert.NotEqual(losses, Train(options with { Seed = 4 }).Losses);
    }

    [Fact]
    public void A_step_of_gradient_descent_is_the_gradient_of_its_batch_times_the_rate()
    {
        var options = Options("softmax:input=1,4,4;classes=3", "sgd:learning_rate=0.25", steps: 10, batch: 8);
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

    [Fact]
    public void Steps_epochs_and_rates_follow_the_options_until_the_last_step()
    {
        var options = Options("softmax:input=1,4,4;classes=3", "sgd:learning_rate=0.5", steps: 7, batch: 8) with
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

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run_and_leaves_the_parameters_alone()
    {
        var options = Options("mlp:input=1,4,4;hidden=8;classes=3", "sgd:learning_rate=1e200", steps: 50, batch: 20);
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
    public void Training_moves_the_running_statistics_by_a_tenth_towards_those_of_the_batch()
    {
        var data = new SyntheticData(6, [1, 8, 8], 5, 2);
        using var samples = data.Samples(ElementType.Float64);
        using var run = new TrainingRun(Options(TinyCnn, "sgd", steps: 1, batch: 6), samples);
        var reference = new ReferenceNetwork(run.Model.Parameters, run.Parameters.ToArray());
        run.Step();

        using var buffers = Vector.Zeros(run.BufferCount, ElementType.Float64, Device.Cpu);
        run.GetBuffers(buffers);
        var means = run.Model.Buffers.Single(slot => slot.Name == "bn1.running_mean");
        var variances = run.Model.Buffers.Single(slot => slot.Name == "bn1.running_var");
        var outputs = Enumerable
            .Range(0, 6)
            .Select(sample => reference.Conv2d("conv1", data.Images(sample), 3, 1))
            .ToArray();
        for (var channel = 0; channel < 3; channel++)
        {
            double[] entries = [.. outputs.SelectMany(x => x[channel].Cast<double>())];
            var mean = entries.Average();
            var unbiased = entries.Sum(entry => Math.Pow(entry - mean, 2)) / (entries.Length - 1);
            Assert.Equal(0.1 * mean, buffers.ToArray()[means.Offset + channel], 1e-12);
            Assert.Equal(0.9 + (0.1 * unbiased), buffers.ToArray()[variances.Offset + channel], 1e-12);
        }
    }

    [Fact]
    public void An_evaluation_uses_the_running_statistics_and_disturbs_nothing()
    {
        using var samples = new SyntheticData(40, [1, 8, 8], 5, 2).Samples(ElementType.Float64);
        using var test = new SyntheticData(11, [1, 8, 8], 5, 3).Samples(ElementType.Float64);
        var options = Options(TinyCnn, "sgd", steps: 6, batch: 8) with { EvaluationBatchSize = 4 };
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

    [Fact]
    public void Wrong_options_make_no_run()
    {
        using var samples = new SyntheticData(4, [1, 4, 4], 3, 1).Samples(ElementType.Float64);
        Assert.Throws<TrainingConfigurationException>(() =>
            new TrainingRun(Options("softmax", "sgd", steps: 0, batch: 1), samples)
        );
    }

    [Fact]
    public void A_disposed_run_refuses_to_go_on()
    {
        using var samples = new SyntheticData(4, [1, 4, 4], 3, 1).Samples(ElementType.Float64);
        var run = new TrainingRun(Options("softmax:input=1,4,4", "sgd", steps: 5, batch: 2), samples);
        run.Dispose();
        run.Dispose();
        Assert.Throws<ObjectDisposedException>(run.Step);
        Assert.Throws<ObjectDisposedException>(run.Evaluate);
    }

    private static TrainingOptions Options(string model, string optimizer, long steps, int batch) =>
        new()
        {
            Model = NamedArguments.Parse(model, "model"),
            Optimizer = OptimizerOptions.Parse(optimizer),
            Steps = steps,
            BatchSize = batch,
            ElementType = ElementType.Float64,
        };

    private static (double[] Losses, double[] Parameters) Train(TrainingOptions options)
    {
        using var samples = new SyntheticData(50, [1, 8, 8], 5, 1).Samples(options.ElementType);
        using var run = new TrainingRun(options, samples);
        var losses = new List<double>();
        while (!run.IsFinished)
        {
            losses.Add(run.Step().Loss);
        }

        return ([.. losses], run.Parameters.ToArray());
    }
}
