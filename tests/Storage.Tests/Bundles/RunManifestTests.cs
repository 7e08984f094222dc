using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

public sealed class RunManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_that_a_manifest_says_is_read_and_what_it_may_say_later_is_passed_over()
    {
        RunManifest manifest = ManifestText.Parse(ManifestText.Good);

        Assert.Equal("lenet-a.1", manifest.Run);
        Assert.Equal(new TorchScriptModelReference("model.pt"), manifest.Model);
        Assert.Equal(
            (new LossDescription(Loss.CrossEntropy), BatchNormMode.Eval, 128),
            (manifest.Loss, manifest.BatchNorm, manifest.MicroBatch)
        );
        Assert.Equal(
            new TrainingDescription
            {
                Dataset = "mnist",
                Samples = 60000,
                BatchSize = 128,
                Optimizer = "sgd",
                LearningRate = 0.1,
                Momentum = 0.9,
                Nesterov = true,
                Beta1 = 0.9,
                Beta2 = 0.999,
                Epsilon = 1e-8,
                WeightDecay = 0.0005,
            },
            manifest.Training
        );
    }

    [Fact]
    public void A_manifest_that_is_written_is_read_back()
    {
        RunManifest script = ManifestText.Parse(ManifestText.Good);
        RunManifest builtIn = new(
            "mlp_1",
            new BuiltInModelReference(
                "mlp",
                new Dictionary<string, string> { ["hidden"] = "128,64", ["activation"] = "tanh" }
            ),
            Loss.MeanSquaredError,
            BatchNormMode.Recompute,
            7
        );
        foreach (RunManifest manifest in new[] { script, builtIn, script with { BatchNorm = BatchNormMode.Train } })
        {
            manifest.Write(_folder["run.json"]);
            Assert.Equal(manifest, RunManifest.Read(_folder["run.json"]));
        }
    }
}
