using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests;

public sealed class TrainingOptionsTests
{
    [Fact]
    public void The_defaults_can_be_trained() => Assert.Empty(new TrainingOptions().Mistakes());

    [Fact]
    public void Each_mistake_has_a_line_of_its_own_and_validation_tells_all()
    {
        var options = new TrainingOptions
        {
            Model = NamedArguments.Parse("resnet", "model"),
            Optimizer = new OptimizerOptions { LearningRate = -1 },
            Steps = 0,
            BatchSize = -5,
            EvaluationBatchSize = 0,
        };
        var mistakes = options.Mistakes();
        string[] parts =
        [
            "no built-in model 'resnet'",
            "learning_rate is -1",
            "steps is 0",
            "batch size is -5",
            "evaluation batch size is 0",
        ];
        Assert.Equal(parts.Length, mistakes.Count);
        var failure = Assert.Throws<TrainingConfigurationException>(options.Validate);
        Assert.All(parts, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', failure.Message);
    }
}
