using CurvatureMonitor.Contracts.Analyses;
using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>Wrong uses, each told in one line.</summary>
public sealed class MisuseTests
{
    private static readonly Dictionary<string, Func<TrainingMonitorOptions, TrainingMonitorOptions>> Mistakes = new()
    {
        ["every is 0: give a whole number of at least 1"] = options => options with { Every = 0 },
        ["the run has no name"] = options => options with { Run = " " },
        ["the url is 'localhost:9095'"] = options => options with { Url = "localhost:9095" },
        ["the element type is Int32: measure in Float32 or Float64"] = options =>
            options with { ElementType = ScalarType.Int32 },
        ["the probe set has inputs [10, 3] and targets [9]"] = options =>
            options with { ProbeTargets = zeros(9, ScalarType.Int64) },
        ["a class label is 7, but the model has 2 outputs"] = options =>
            options with { ProbeTargets = full(10, 7, ScalarType.Int64) },
        ["the function that makes instances returns the module that is trained"] = options =>
            options with { Create = () => options.Module },
        ["_first.weight is [5, 3] in a new instance, and [4, 3] in the trained module"] = options =>
            options with { Create = () => new Networks.Perceptron(3, 5, 2) },
        ["a new instance has no tensor _first.weight"] = options =>
            options with { Create = () => new Networks.Recurrent() },
        ["the loss is no mean over the batch's samples"] = options =>
            options with { Loss = TrainingLoss.Of((z, _) => z.square().sum()) },
        ["the loss has shape [2, 2]; it must be one number"] = options =>
            options with { Loss = TrainingLoss.Of((z, _) => z.square()) },
        ["modules: 'head.*' names no parameter that is measured"] = options =>
            options with
            {
                Analyses = [new(AnalysisKind.Modules)],
                Settings = options.Settings with { Modules = ["_first", "head.*"] },
            },
        ["the optimiser trains no parameter of the module Perceptron"] = options =>
            options with { Optimizer = optim.SGD(nn.Linear(1, 1).parameters(), 0.1) },
    };

    public static TheoryData<string> Lines => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_mistake_is_one_line(string line)
    {
        using var net = Trainings.Net();
        using var optimizer = optim.SGD(net.parameters(), 0.1);
        var options = Mistakes[line](Trainings.Options(net, optimizer, new RecordingObserver()));
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => TrainingMonitor.StartAsync(options));
        Assert.StartsWith(line, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_one_line()
    {
        using var net = Trainings.Net();
        var options = Trainings.Options(net, null, new RecordingObserver()) with { Url = "http://127.0.0.1:0" };
        await using var first = await TrainingMonitor.StartAsync(options);
        var refused = await Assert.ThrowsAsync<Contracts.Errors.UserErrorException>(() =>
            TrainingMonitor.StartAsync(options with { Url = first.Url })
        );
        Assert.Contains("address already in use", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_step_after_the_end_is_one_line()
    {
        using var net = Trainings.Net();
        await using var monitor = await TrainingMonitor.StartAsync(
            Trainings.Options(net, null, new RecordingObserver())
        );
        await monitor.FinishAsync().WaitAsync(Until.Patience);
        var refused = Assert.Throws<InvalidOperationException>(() => monitor.Step(1.0));
        Assert.Equal("the run 'small' has ended: Step was called after its end", refused.Message);
    }
}
