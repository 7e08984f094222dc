using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Training.Tests;

/// <summary>Runs and their seeds.</summary>
public sealed class TrainingSeedTests
{
    [Theory]
    [InlineData("sgd:learning_rate=0.1;momentum=0.9")]
    [InlineData("adamw")]
    public void The_same_seed_gives_the_same_losses_and_parameters_bit_for_bit(string optimizer)
    {
        var options = SmallRuns.Options(SmallRuns.TinyCnn, optimizer, steps: 12, batch: 16) with
        {
            ElementType = ElementType.Float32,
            Seed = 3,
        };
        var (losses, parameters) = SmallRuns.Train(options);
        var (again, parametersAgain) = SmallRuns.Train(options);
        Assert.Equal(losses, again);
        Assert.Equal(parameters, parametersAgain);
        Assert.NotEqual(losses, SmallRuns.Train(options with { Seed = 4 }).Losses);
    }
}
