using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Training.Tests;

/// <summary>Short trainings on the embedded MNIST: the parts together learn to read digits.</summary>
public sealed class RealTrainingTests(Digits digits) : IClassFixture<Digits>
{
    [Theory]
    [InlineData("softmax", "sgd:learning_rate=0.05", "constant", 60, 0.80)]
    [InlineData("mlp:hidden=64,64", "adam:learning_rate=0.003", "cosine", 60, 0.85)]
    [InlineData("mlp:hidden=64;activation=tanh", "adamw:learning_rate=0.003", "warmup:10", 60, 0.85)]
    [InlineData(
        "lenet",
        "sgd:learning_rate=0.05;momentum=0.9;nesterov=true;weight_decay=0.0005",
        "warmup:10+thesis",
        60,
        0.88
    )]
    [InlineData("cnn-bn", "sgd:learning_rate=0.01;momentum=0.9", "step:40,0.5", 60, 0.87)]
    public void A_model_learns_to_read_digits_it_has_not_seen(
        string model,
        string optimizer,
        string schedule,
        long steps,
        double accuracy
    )
    {
        var options = new TrainingOptions
        {
            Model = NamedArguments.Parse(model, "model"),
            Optimizer = OptimizerOptions.Parse(optimizer),
            Schedule = LearningRateSchedule.Parse(schedule),
            Steps = steps,
            BatchSize = 64,
            Seed = 1,
        };
        using var run = new TrainingRun(options, digits.Training, digits.Test);
        var start = run.Evaluate();
        var losses = new List<double>();
        while (!run.IsFinished)
        {
            losses.Add(run.Step().Loss);
        }

        var end = run.Evaluate();
        Assert.NotNull(start);
        Assert.NotNull(end);
        Assert.InRange(start.Loss, 2.2, 2.7); // ln 10 = 2.30: nothing known yet
        Assert.True(end.Loss < start.Loss / 2, $"test loss fell from {start.Loss} to {end.Loss}");
        Assert.True(losses.TakeLast(10).Average() < losses.Take(10).Average() / 1.5, "training loss did not fall");
        Assert.True(end.Accuracy >= accuracy, $"test accuracy {end.Accuracy} after {steps} steps");
    }
}
