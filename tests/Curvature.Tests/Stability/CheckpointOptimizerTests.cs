using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

/// <summary>The optimiser as a checkpoint has it goes before what was told at the start.</summary>
public class CheckpointOptimizerTests
{
    private static readonly OptimizerDescription Started = new()
    {
        Name = "sgd",
        LearningRate = 0.1,
        Momentum = 0.9,
        BatchSize = 32,
        Samples = 1000,
    };

    [Fact]
    public void Momentum_and_rate_of_the_step_decide_on_the_limit()
    {
        var group = new ParameterGroup { LearningRate = 0.02, Beta1 = 0.85, Beta2 = 0.99 };
        var cycled = At(new OptimizerState("adam", [group]));
        Assert.Equal(3.7 / (0.15 * 0.02), Assert.Single(cycled.LimitsAt(null)).Value, 1e-9);
        Assert.Equal((32L, 0.85, 0.99), (cycled.BatchSize!.Value, cycled.Momentum!.Value, cycled.Beta2));
    }

    [Fact]
    public void A_checkpoint_that_tells_no_state_has_its_rate_and_momentum_and_else_those_of_the_start()
    {
        var info = new CheckpointInfo("r", 1, default) { LearningRate = 0.2, Momentum = 0.5 };
        Assert.Equal(15, Assert.Single(Started.AtCheckpoint(info).LimitsAt(null)).Value, 1e-12);
        info = new CheckpointInfo("r", 1, default);
        Assert.Equal(38, Assert.Single(Started.AtCheckpoint(info).LimitsAt(null)).Value, 1e-12);
    }

    [Theory]
    [InlineData(null, 32)]
    [InlineData(64L, 64)]
    public void The_batch_size_is_that_of_the_step_where_it_is_told(long? told, long expected)
    {
        var info = new CheckpointInfo("r", 1, default) { BatchSize = told };
        Assert.Equal(expected, Started.AtCheckpoint(info).BatchSize);
        info = info with { Optimizer = Sgd(new ParameterGroup { LearningRate = 0.1 }) };
        Assert.Equal(expected, Started.AtCheckpoint(info).BatchSize);
    }

    // A step over all samples is no stochastic one, and has one limit alone.
    [Fact]
    public void Batches_that_grow_to_the_whole_set_lose_the_limit_of_small_ones()
    {
        var plain = Started with { Momentum = 0 };
        var info = new CheckpointInfo("r", 1, default);
        Assert.Equal(2, plain.AtCheckpoint(info).LimitsAt(null).Count);
        Assert.Single(plain.AtCheckpoint(info with { BatchSize = 1000 }).LimitsAt(null));
    }

    [Fact]
    public void Groups_with_other_rates_have_the_limit_of_the_scaled_operator_alone()
    {
        var optimizer = At(
            Sgd(
                new ParameterGroup { Parameters = ["a"], LearningRate = 0.1 },
                new ParameterGroup { Parameters = ["b"], LearningRate = 0.5 }
            )
        );
        Assert.Empty(optimizer.LimitsAt(null));
        Assert.Null(optimizer.RatioAt(new Estimate(1, 0), StabilityKind.Full, null));
        Assert.Equal(new StabilityLimit(StabilityKind.Scaled, 3.8), optimizer.ScaledLimit);
        Assert.Equal(0.5, optimizer.RatioAt(new Estimate(1.9, 0), StabilityKind.Scaled, null)!.Ratio, 1e-12);
        Assert.Null(optimizer.NoLimitAt(null));
    }

    [Fact]
    public void Groups_that_differ_in_more_than_their_rates_have_no_limit_and_it_is_said_why()
    {
        Told(
            "no limit known: the momenta of the parameter groups differ",
            Sgd(new ParameterGroup { LearningRate = 0.1, Momentum = 0.5 }, new ParameterGroup { LearningRate = 0.1 })
        );
        Told(
            "no limit: the optimiser ascends (maximize)",
            Sgd(new ParameterGroup { LearningRate = 0.1, Maximize = true })
        );
        Told(
            "no limit: the learning rates of the groups differ, and whose they are is not told",
            Sgd(new ParameterGroup { LearningRate = 0.1 }, new ParameterGroup { LearningRate = 0.2 })
        );
        Told("no limit: the learning rate is 0", Sgd(new ParameterGroup { LearningRate = 0 }));
        Told("no limit: the learning rate is not told", Sgd(new ParameterGroup()));
    }

    private static void Told(string words, OptimizerState state)
    {
        var optimizer = At(state);
        Assert.Empty(optimizer.LimitsAt(null));
        Assert.Null(optimizer.ScaledLimit);
        Assert.Equal(words, optimizer.NoLimitAt(null));
    }

    private static OptimizerState Sgd(params ParameterGroup[] groups) =>
        new("sgd", [.. groups.Select(group => group with { Momentum = group.Momentum ?? 0.9 })]);

    private static OptimizerDescription At(OptimizerState state) =>
        Started.AtCheckpoint(new CheckpointInfo("r", 1, default) { LearningRate = 7, Optimizer = state });
}
