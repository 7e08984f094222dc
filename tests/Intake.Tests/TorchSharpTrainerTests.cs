using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Tests.Analysis;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>A TorchSharp training whose checkpoints are measured by a server.</summary>
public sealed class TorchSharpTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_last_state_is_measured_there()
    {
        await using var server = await ServedIntake.StartAsync(_folder["data"]);
        var bundle = TinyBundle.Write(_folder["model"], TinyBundle.Linear);
        using var net = new Net();
        using var optimizer = optim.SGD(net.parameters(), 0.25, momentum: 0.5);
        using var inputs = linspace(-1, 1, 48).view(12, 4).DetachFromDisposeScope();
        using var labels = arange(12).remainder(3).DetachFromDisposeScope();
        await using var monitor = await TrainingMonitor.StartAsync(
            new TrainingMonitorOptions
            {
                Run = "from-torchsharp",
                Module = net,
                Create = () => new Net(),
                Loss = TrainingLoss.CrossEntropy,
                ProbeInputs = inputs,
                ProbeTargets = labels,
                Optimizer = optimizer,
                Every = 2,
                Server = server.Client.BaseAddress!.ToString(),
                TorchScript = bundle.ModelPath,
            }
        );
        for (int step = 0; step < 5; step++)
        {
            using var scope = NewDisposeScope();
            var loss = nn.functional.cross_entropy(net.call(inputs), labels);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            monitor.Step(loss);
        }

        var sent = await monitor.FinishAsync().WaitAsync(Until.Patience);
        Assert.Equal((RunOutcome.Finished, null), (sent.Outcome, sent.Failure));
        Assert.Equal((5, 3, 0), (sent.Steps, sent.Emitted, sent.Failed));
        var ended = await server.Events.FirstAsync<RunEnded>("from-torchsharp");
        Assert.Equal(RunOutcome.Finished, ended.Summary.Outcome);
        var last = server.Events.Of<CheckpointMeasured>("from-torchsharp")[^1];
        Assert.Equal(5, last.Step);
        Assert.True(last.Measurements[0].LambdaMax!.Value > 0);
        Assert.Equal(2 * 1.5 / 0.25, last.Limits[0].Value, 1e-9);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_line_at_the_start()
    {
        var bundle = TinyBundle.Write(_folder["model"], TinyBundle.Linear);
        using var net = new Net();
        using var inputs = zeros(3, 4);
        using var labels = zeros(3, ScalarType.Int64);
        var options = new TrainingMonitorOptions
        {
            Run = "nowhere",
            Module = net,
            Create = () => new Net(),
            Loss = TrainingLoss.CrossEntropy,
            ProbeInputs = inputs,
            ProbeTargets = labels,
            Server = "http://127.0.0.1:1",
            TorchScript = bundle.ModelPath,
        };
        await RefusesAsync(options, "the server http://127.0.0.1:1 cannot be reached");
        await RefusesAsync(options with { TorchScript = null }, "a server measures the model in TorchScript");
        await RefusesAsync(
            options with
            {
                Loss = TrainingLoss.Of((z, _) => z.mean()),
            },
            "a server knows cross-entropy and mse alone"
        );

        static async Task RefusesAsync(TrainingMonitorOptions options, string line)
        {
            var refused = await Assert.ThrowsAsync<Contracts.Errors.UserErrorException>(() =>
                TrainingMonitor.StartAsync(options)
            );
            Assert.StartsWith(line, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }
    }

    /// <summary>The tiny linear model, with the same names.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006 // The names are those of the TorchScript file.
        private readonly Parameter fc_weight = new(linspace(-0.5, 0.5, 12).view(3, 4));
        private readonly Parameter fc_bias = new(zeros(3));
#pragma warning restore IDE1006

        internal Net()
            : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => nn.functional.linear(input, fc_weight, fc_bias);
    }
}
