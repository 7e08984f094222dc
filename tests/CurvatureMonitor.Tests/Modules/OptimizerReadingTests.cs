using CurvatureMonitor.Contracts.Measurements;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>TorchSharp's optimisers, as the stability limits need them.</summary>
public sealed class OptimizerReadingTests
{
    private const double Rate = 0.04;

    private static readonly Dictionary<string, Func<IEnumerable<Parameter>, optim.Optimizer>> Makers = new()
    {
        ["sgd"] = parameters => optim.SGD(parameters, Rate),
        ["adam"] = parameters => optim.Adam(parameters, Rate),
        ["adamw"] = parameters => optim.AdamW(parameters, Rate),
        ["nadam"] = parameters => optim.NAdam(parameters, Rate),
        ["radam"] = parameters => optim.RAdam(parameters, Rate),
        ["rmsprop"] = parameters => optim.RMSProp(parameters, Rate),
        ["adagrad"] = parameters => optim.Adagrad(parameters, Rate),
        ["adadelta"] = parameters => optim.Adadelta(parameters, Rate),
        ["adamax"] = parameters => optim.Adamax(parameters, Rate),
        ["asgd"] = parameters => optim.ASGD(parameters, Rate),
        ["rprop"] = parameters => optim.Rprop(parameters, Rate),
        ["lbfgs"] = parameters => optim.LBFGS(parameters, Rate),
    };

    public static TheoryData<string> Names => [.. Makers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_optimiser_is_named_with_its_learning_rate(string name)
    {
        using var net = nn.Linear(2, 2);
        using var optimizer = Makers[name](net.parameters());
        var reading = OptimizerReading.Of(optimizer);
        Assert.Equal(name, reading.Name);
        Assert.Equal(Rate, reading.LearningRate);
        Assert.Equal(name, reading.Description.Name);
        bool hasLimit = name is "sgd" or "adam" or "adamw";
        Assert.Equal(hasLimit, reading.Description.LimitsAt(reading.LearningRate).Count > 0);
    }

    [Fact]
    public void The_limits_are_those_of_gradient_descent_heavy_ball_and_Nesterov()
    {
        using var net = nn.Linear(2, 2);
        Assert.Equal(2 / Rate, LimitOf(optim.SGD(net.parameters(), Rate, weight_decay: 0.01)), 1e-12);
        Assert.Equal(2 * 1.9 / Rate, LimitOf(optim.SGD(net.parameters(), Rate, momentum: 0.9)), 1e-9);
        Assert.Equal(
            2 * 1.9 / (Rate * 2.8),
            LimitOf(optim.SGD(net.parameters(), Rate, momentum: 0.9, nesterov: true)),
            1e-9
        );
    }

    [Fact]
    public void Adam_has_the_limit_of_the_preconditioned_operator_with_its_own_decay_rates()
    {
        using var net = nn.Linear(2, 2);
        using var optimizer = optim.Adam(net.parameters(), Rate, beta1: 0.8, beta2: 0.99, eps: 1e-6);
        var reading = OptimizerReading.Of(optimizer);
        Assert.Equal((0.8, 0.99, 1e-6), (reading.Momentum, reading.Description.Beta2, reading.Description.Damping));
        var limit = Assert.Single(reading.Description.LimitsAt(reading.LearningRate));
        Assert.Equal(StabilityKind.Preconditioned, limit.Kind);
        Assert.Equal((2 + 1.6) / (0.2 * Rate), limit.Value, 1e-9);
    }

    [Fact]
    public void Dampening_and_maximising_have_no_limit()
    {
        using var net = nn.Linear(2, 2);
        using var dampened = optim.SGD(net.parameters(), Rate, momentum: 0.9, dampening: 0.5);
        using var upwards = optim.Adam(net.parameters(), Rate, maximize: true);
        Assert.Empty(OptimizerReading.Of(dampened).Description.LimitsAt(Rate));
        Assert.Empty(OptimizerReading.Of(upwards).Description.LimitsAt(Rate));
    }

    [Fact]
    public void A_schedule_of_rate_and_momentum_is_read_at_each_step()
    {
        using var net = nn.Linear(2, 2);
        using var optimizer = optim.SGD(net.parameters(), Rate, momentum: 0.9);
        var schedule = optim.lr_scheduler.StepLR(optimizer, step_size: 1, gamma: 0.5);
        Assert.Equal(Rate, OptimizerReading.Of(optimizer).LearningRate);
        schedule.step();
        Assert.Equal(Rate / 2, OptimizerReading.Of(optimizer).LearningRate);
        foreach (var group in optimizer.ParamGroups.OfType<SGD.ParamGroup>())
        {
            group.Momentum = 0.7;
        }

        Assert.Equal(0.7, OptimizerReading.Of(optimizer).Momentum);
    }

    [Fact]
    public void What_parameter_groups_do_not_agree_on_is_unknown()
    {
        using var first = nn.Linear(2, 2);
        using var second = nn.Linear(2, 2);
        using var optimizer = optim.SGD(
            [
                new SGD.ParamGroup(first.parameters(), lr: 0.1, momentum: 0.9),
                new SGD.ParamGroup(second.parameters(), lr: 0.2, momentum: 0.9),
            ],
            Rate
        );
        var reading = OptimizerReading.Of(optimizer);
        Assert.Null(reading.LearningRate);
        Assert.Equal(0.9, reading.Momentum);
        Assert.Empty(reading.Description.LimitsAt(reading.LearningRate));
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = 0.3;
        }

        Assert.Equal(0.3, OptimizerReading.Of(optimizer).LearningRate);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void The_second_moments_of_Adam_are_those_of_its_parameters(string name)
    {
        using var net = nn.Linear(2, 1);
        using var optimizer = Makers[name](net.parameters());
        Assert.Null(SecondMoments.Of(optimizer, greatest: false));
        net.call(ones(1, 2)).sum().backward();
        optimizer.step();
        optimizer.step();
        var moments = SecondMoments.Of(optimizer, greatest: false);
        Assert.Equal(2, moments!.Steps);

        // The gradient is 1 for every parameter: ν = 0.001 + 0.999 · 0.001 after two steps.
        Assert.All(net.parameters(), parameter =>
            Assert.Equal(0.001999, moments.Tensors[parameter.Handle].mean().item<float>(), 1e-6)
        );
    }

    private static double LimitOf(optim.Optimizer optimizer)
    {
        using (optimizer)
        {
            var reading = OptimizerReading.Of(optimizer);
            return reading
                .Description.LimitsAt(reading.LearningRate)
                .Single(limit => limit.Kind == StabilityKind.Full)
                .Value;
        }
    }
}
