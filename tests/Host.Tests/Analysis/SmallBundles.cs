using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// Bundles whose curvature is known in closed form, or that stand at the edge of what a bundle can be.
/// </summary>
internal static class SmallBundles
{
    private const int Classes = 3;

    /// <summary>
    /// A linear model without bias and squared error on inputs aᵢeᵢ: H = G has every 2aᵢ²/(K·N) K times, and R = 0.
    /// </summary>
    internal static void WriteDiagonal(string folder, double[] scales, int outputs)
    {
        int inputs = scales.Length;
        float[] numbers = new float[inputs * inputs];
        for (int i = 0; i < inputs; i++)
        {
            numbers[(i * inputs) + i] = (float)scales[i];
        }

        float[] targets = [.. Enumerable.Range(0, inputs * outputs).Select(i => (float)Math.Sin(i))];
        Write(
            folder,
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.matmul(x, self.w)\n",
            [new("w", [inputs, outputs])],
            ProbeSet.Regression(numbers, [inputs, inputs], targets, outputs),
            Loss.MeanSquaredError,
            Waves(inputs * outputs)
        );
    }

    /// <summary>An embedding of tokens, summed to logits.</summary>
    internal static void WriteTokens(string folder, int[][] sentences, int words)
    {
        long[] tokens = [.. sentences.SelectMany(sentence => sentence).Select(word => (long)word)];
        long[] shape = [sentences.Length, sentences[0].Length];
        Write(
            folder,
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.embedding(self.w, x).sum(1)\n",
            [new("w", [words, Classes])],
            ProbeSet.Classification([.. tokens.Select(token => (float)token)], shape, Labels(sentences.Length)),
            Loss.CrossEntropy,
            Waves(words * Classes)
        );

        // Whole numbers are stored as such.
        SafetensorsWriter.WriteFile(
            Path.Combine(folder, ProbeSet.FileName),
            [
                TensorContent.From("inputs", shape, tokens),
                TensorContent.From("targets", [sentences.Length], Labels(sentences.Length)),
            ]
        );
    }

    /// <summary>The same model on the counts of the words.</summary>
    internal static void WriteCounts(string folder, int[][] sentences, int words) =>
        Write(
            folder,
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.matmul(x, self.w)\n",
            [new("w", [words, Classes])],
            ProbeSet.Classification(
                [
                    .. sentences.SelectMany(sentence =>
                        Enumerable.Range(0, words).Select(word => (float)sentence.Count(other => other == word))
                    ),
                ],
                [sentences.Length, words],
                Labels(sentences.Length)
            ),
            Loss.CrossEntropy,
            Waves(words * Classes)
        );

    /// <summary>One parameter, one output, squared error: loss (1/N) Σ (w xᵢ − yᵢ)².</summary>
    internal static void WriteSingle(string folder, float[] inputs, float[] targets, double weight) =>
        Write(
            folder,
            "def forward(self, x: Tensor) -> Tensor:\n    return x * self.w\n",
            [new("w", [1])],
            ProbeSet.Regression(inputs, [inputs.Length, 1], targets, 1),
            Loss.MeanSquaredError,
            [weight]
        );

    /// <summary>A classifier with one class: the loss is 0 everywhere.</summary>
    internal static void WriteConstant(string folder) =>
        Write(
            folder,
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.matmul(x, self.w)\n",
            [new("w", [4, 1])],
            ProbeSet.Classification([.. Waves(36).Select(number => (float)number)], [9, 4], new long[9]),
            Loss.CrossEntropy,
            Waves(4)
        );

    /// <summary>The diagonal model trained by Adam, with the same second moment for every parameter.</summary>
    internal static void WriteAdam(string folder, double[] scales, double secondMoment, long optimizerStep)
    {
        WriteDiagonal(folder, scales, 1);
        var bundle = RunBundle.Open(folder);
        using var model = ScriptModel.Load(bundle.ModelPath!, ElementType.Float64, Device.Cpu);
        double[] theta = Waves(scales.Length);
        double[] moments = [.. theta.Select(_ => secondMoment)];
        var info = new CheckpointInfo("small", 7, DateTimeOffset.UnixEpoch) { OptimizerStep = optimizerStep };
        using var checkpoint = Checkpoint.From(info, CheckpointLayout.Of(model), theta, default, moments);
        bundle.WriteCheckpoint(checkpoint);
        string manifest = Path.Combine(folder, "run.json");
        File.WriteAllText(
            manifest,
            File.ReadAllText(manifest).Replace("\"sgd\"", "\"adam\"", StringComparison.Ordinal)
        );
    }

    private static long[] Labels(int samples) => [.. Enumerable.Range(0, samples).Select(i => (long)(i % Classes))];

    private static double[] Waves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => 0.4 * Math.Cos((1.9 * i) + 0.3))];

    private static void Write(
        string folder,
        string source,
        TensorSpec[] parameters,
        ProbeSet probe,
        Loss loss,
        double[] theta
    )
    {
        using var model = ScriptModel.Define(
            new ScriptModelSource("small", source, parameters, []),
            ElementType.Float64,
            Device.Cpu
        );
        var manifest = new RunManifest("small", new TorchScriptModelReference("model.pt"), loss, BatchNormMode.Eval, 4)
        {
            Training = new TrainingDescription
            {
                Optimizer = "sgd",
                LearningRate = 0.5,
                Samples = 1000,
                BatchSize = 4,
            },
        };
        var bundle = RunBundle.Create(folder, manifest, probe, model);
        using var checkpoint = Checkpoint.From(
            new CheckpointInfo("small", 3, DateTimeOffset.UnixEpoch),
            CheckpointLayout.Of(model),
            theta
        );
        bundle.WriteCheckpoint(checkpoint);
    }
}
