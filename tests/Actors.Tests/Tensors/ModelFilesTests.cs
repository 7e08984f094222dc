using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Tests;

namespace CurvatureMonitor.Actors.Tests.Tensors;

public sealed class ModelFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_bundle_with_a_model_of_its_own_can_be_made_and_opened()
    {
        var source = new ScriptModelSource(
            "tiny",
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(x, self.w)\n",
            [new TensorSpec("w", [2, 3])],
            []
        );
        using ScriptModel model = ScriptModel.Define(source, ElementType.Float32, Device.Cpu);
        RunManifest manifest = Manifest() with { Model = new TorchScriptModelReference("models/model.pt") };
        RunBundle.Create(_folder["script"], manifest, Probe(), model);

        RunBundle bundle = RunBundle.Open(_folder["script"]);
        using ScriptModel loaded = ScriptModel.Load(bundle.ModelPath!, ElementType.Float64, Device.Cpu);

        Assert.Equal(["w"], CheckpointLayout.Of(loaded).Parameters.Select(slot => slot.Name));
        Assert.Equal(["model.pt"], Directory.GetFiles(_folder["script/models"]).Select(Path.GetFileName));
    }

    private static RunManifest Manifest() =>
        new(
            "run",
            new BuiltInModelReference("mlp", new Dictionary<string, string>()),
            Loss.CrossEntropy,
            BatchNormMode.Eval,
            4
        );

    private static ProbeSet Probe() => ProbeSet.Classification([1, 2, 3, 4, 5, 6], [2, 3], [0, 1]);
}
