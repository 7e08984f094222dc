using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>Bundles of models of some ten parameters, written by hand.</summary>
internal static class TinyBundle
{
    private const int Samples = 12;
    private const int Inputs = 4;
    private const int Classes = 3;

    internal const string Linear = """
        def forward(self, x: Tensor) -> Tensor:
            return torch.linear(x, self.fc_weight, self.fc_bias)
        """;

    /// <summary>Noise that no mode switches off.</summary>
    internal const string Random = """
        def forward(self, x: Tensor) -> Tensor:
            return torch.linear(x + torch.rand_like(x), self.fc_weight, self.fc_bias)
        """;

    /// <summary>grid_sample has a first derivative, but libtorch has no second one.</summary>
    internal const string NoSecondDerivative = """
        def forward(self, x: Tensor) -> Tensor:
            z = torch.tanh(torch.linear(x, self.fc_weight, self.fc_bias))
            image = z.view([-1, 1, 1, 3])
            grid = torch.zeros([z.size(0), 1, 3, 2], dtype=z.dtype)
            return torch.grid_sampler(image, grid, 0, 0, False).view([-1, 3]) * z
        """;

    /// <summary>Writes a bundle with one checkpoint a step.</summary>
    internal static RunBundle Write(string folder, string source, params long[] steps) =>
        Write(folder, source, "tiny", steps);

    /// <inheritdoc cref="Write(string, string, long[])"/>
    internal static RunBundle Write(string folder, string source, string run, params long[] steps)
    {
        using var model = ScriptModel.Define(
            new ScriptModelSource("tiny", source, [new("fc_weight", [Classes, Inputs]), new("fc_bias", [Classes])], []),
            ElementType.Float64,
            Device.Cpu
        );
        double[] numbers = [.. Enumerable.Range(0, Samples * Inputs).Select(i => Math.Sin(1.7 * (i + 1)))];
        long[] labels = [.. Enumerable.Range(0, Samples).Select(i => (long)(i * 5 % Classes))];
        var manifest = new RunManifest(
            run,
            new TorchScriptModelReference("model.pt"),
            Loss.CrossEntropy,
            BatchNormMode.Eval,
            5
        )
        {
            Training = new TrainingDescription
            {
                Optimizer = "sgd",
                LearningRate = 0.25,
                Momentum = 0.9,
                Samples = Samples,
                BatchSize = Samples,
            },
        };
        var probe = ProbeSet.Classification([.. numbers.Select(number => (float)number)], [Samples, Inputs], labels);
        var bundle = RunBundle.Create(folder, manifest, probe, model);
        foreach (long step in steps)
        {
            double[] theta =
            [
                .. Enumerable
                    .Range(0, (Classes * Inputs) + Classes)
                    .Select(i => 0.3 * Math.Cos((2.3 * i) + (0.01 * step))),
            ];
            using var checkpoint = Checkpoint.From(
                new CheckpointInfo(run, step, DateTimeOffset.UnixEpoch),
                CheckpointLayout.Of(model),
                theta
            );
            bundle.WriteCheckpoint(checkpoint);
        }

        return bundle;
    }
}
