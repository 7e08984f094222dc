using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>A model of some thousand parameters whose spectrum takes a part of a second, and its run bundle.</summary>
internal sealed class SmallModel
{
    private const int Inputs = 48;
    private const int Hidden = 96;
    private const int Classes = 10;
    private const int Samples = 3000;
    private const float Trap = 5000;

    /// <summary>One that can be measured everywhere.</summary>
    internal const string Healthy = """
        def forward(self, x: Tensor) -> Tensor:
            h = torch.tanh(torch.linear(x, self.w1, self.b1))
            return torch.linear(h, self.w2, self.b2)
        """;

    /// <summary>
    /// One that ends its process at poison. The smallest integer divided by -1 is one too large for its type: the
    /// processor traps, and libtorch does not look first. Nothing in the process can stop it.
    /// </summary>
    internal const string Trapped = """
        def forward(self, x: Tensor) -> Tensor:
            h = torch.tanh(torch.linear(x, self.w1, self.b1))
            z = torch.linear(h, self.w2, self.b2)
            smallest = torch.full([1], -9223372036854775807, dtype=4) - 1
            ones = torch.ones([1], dtype=4)
            divisor = torch.where(self.b2.detach()[0:1] > 1000.0, -ones, ones)
            quotient = torch.div(smallest, divisor, rounding_mode="trunc")
            return z + 0.0 * torch.sign(quotient).to(z.dtype)
        """;

    /// <summary>One that takes longer at poison than anybody waits, on any machine.</summary>
    internal const string Endless = """
        def forward(self, x: Tensor) -> Tensor:
            h = torch.tanh(torch.linear(x, self.w1, self.b1))
            z = torch.linear(h, self.w2, self.b2)
            turns = 0
            while turns < 9000000000000000000 and bool(self.b2.detach()[0] > 1000.0):
                turns = turns + 1
            return z
        """;

    /// <summary>One that wants 120 GB at poison.</summary>
    internal const string Hoarding = """
        def forward(self, x: Tensor) -> Tensor:
            h = torch.tanh(torch.linear(x, self.w1, self.b1))
            z = torch.linear(h, self.w2, self.b2)
            size = 1
            if bool(self.b2.detach()[0] > 1000.0):
                size = 30000000000
            hoard = torch.ones([size], dtype=6)
            return z + 0.0 * hoard[0:1]
        """;

    private readonly CheckpointLayout _layout;

    private SmallModel(RunBundle bundle, CheckpointLayout layout)
    {
        Bundle = bundle;
        _layout = layout;
    }

    internal RunBundle Bundle { get; }

    internal string Run => Bundle.Manifest.Run;

    /// <summary>Writes the bundle of a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="run">Its name.</param>
    /// <param name="code">What it computes, by its methods in TorchScript.</param>
    internal static SmallModel Write(string folder, string run, string code = Healthy)
    {
        var source = new ScriptModelSource(
            "small",
            code,
            [new("w1", [Hidden, Inputs]), new("b1", [Hidden]), new("w2", [Classes, Hidden]), new("b2", [Classes])],
            []
        );
        using var model = ScriptModel.Define(source, ElementType.Float32, Device.Cpu);
        float[] inputs = [.. Enumerable.Range(0, Samples * Inputs).Select(i => MathF.Sin(1.7f * (i + 1)))];
        long[] labels = [.. Enumerable.Range(0, Samples).Select(i => (long)(i * 7 % Classes))];
        var manifest = new RunManifest(
            run,
            new TorchScriptModelReference("model.pt"),
            Loss.CrossEntropy,
            BatchNormMode.Eval,
            500
        )
        {
            Training = new TrainingDescription
            {
                Optimizer = "sgd",
                LearningRate = 0.1,
                Samples = Samples,
                BatchSize = 100,
            },
        };
        return new SmallModel(
            RunBundle.Create(folder, manifest, ProbeSet.Classification(inputs, [Samples, Inputs], labels), model),
            CheckpointLayout.Of(model)
        );
    }

    /// <summary>Commits a checkpoint.</summary>
    internal void WriteStep(long step) => Write(step, 0);

    /// <summary>Commits a checkpoint that ends every process that measures it.</summary>
    internal void WritePoison(long step) => Write(step, Trap);

    private void Write(long step, float bias)
    {
        // No two runs have the same parameters: a cached checkpoint of one would look like that of another.
        float own = Run.Sum(letter => letter);
        float[] theta =
        [
            .. Enumerable
                .Range(0, _layout.ParameterCount)
                .Select(i => 0.2f * MathF.Cos((2.3f * i) + (0.01f * step) + own)),
        ];
        theta[^Classes] += bias;
        using var checkpoint = Checkpoint.From(
            new CheckpointInfo(Run, step, DateTimeOffset.UtcNow) { Loss = 2.0 / step, LearningRate = 0.1 },
            _layout,
            theta
        );
        Bundle.WriteCheckpoint(checkpoint);
    }
}
