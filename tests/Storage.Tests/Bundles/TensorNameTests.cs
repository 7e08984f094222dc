using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Names that trainers give to the tensors of one model.</summary>
public sealed class TensorNameTests : IDisposable
{
    private static readonly double[] Weight = [1, 2, 3, 4];
    private static readonly double[] Bias = [5, 6];

    private static readonly CheckpointLayout Layout = new(
        [
            new TensorSlot("wte.weight", [2, 2], 0) { Aliases = ["head.weight"] },
            new TensorSlot("module.bias", [2], 4),
        ],
        []
    );

    private readonly TemporaryFolder _folder = new();
    private readonly RunBundle _bundle;

    public TensorNameTests()
    {
        _bundle = RunBundle.Create(
            _folder["b"],
            new RunManifest(
                "run",
                new BuiltInModelReference("mlp", new Dictionary<string, string>()),
                Loss.CrossEntropy,
                BatchNormMode.Eval,
                1
            ),
            ProbeSet.Classification([1f], [1, 1], [0])
        );
        using var draft = Checkpoint.From(
            new CheckpointInfo("run", 7, DateTimeOffset.UnixEpoch),
            Layout,
            [.. Weight, .. Bias]
        );
        _bundle.WriteCheckpoint(draft);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("wte.weight", "module.bias")]
    [InlineData("head.weight", "module.bias")]
    [InlineData("module.wte.weight", "module.module.bias")]
    [InlineData("_orig_mod.wte.weight", "_orig_mod.module.bias")]
    [InlineData("module._orig_mod.head.weight", "module._orig_mod.module.bias")]
    [InlineData("_orig_mod.module.wte.weight", "bias")]
    public void Tensors_are_found_under_the_names_of_wrappers_and_of_tied_weights(string weight, string bias)
    {
        Write((weight, Weight), (bias, Bias));
        using var checkpoint = _bundle.ReadCheckpoint(7, Layout);
        Assert.Equal([.. Weight, .. Bias], checkpoint.ParametersToArray());
    }

    [Fact]
    public void Moments_are_found_in_the_same_way()
    {
        Write(
            ("module.head.weight", Weight),
            ("module.module.bias", Bias),
            ("optimizer.exp_avg_sq.module.head.weight", Weight),
            ("optimizer.exp_avg_sq.module.module.bias", Bias)
        );
        using var checkpoint = _bundle.ReadCheckpoint(7, Layout);
        Assert.True(checkpoint.HasSecondMoments);
    }

    [Fact]
    public void Both_names_of_a_tied_tensor_must_agree()
    {
        Write(("wte.weight", Weight), ("head.weight", Weight), ("module.bias", Bias));
        _bundle.ReadCheckpoint(7, Layout).Dispose();
        Write(("wte.weight", Weight), ("head.weight", [1, 2, 3, 5]), ("module.bias", Bias));
        Refused("'head.weight' is not a tensor of the model");
    }

    [Fact]
    public void A_tensor_that_is_missing_is_named_as_the_model_names_it()
    {
        Write(("module.head.weight", Weight), ("other", Bias));
        Refused("'module.bias' is missing", "other");
    }

    private void Refused(params string[] fragments) =>
        BundleAssert.Refused(
            _bundle.TensorsPath(7),
            () => _bundle.ReadCheckpoint(7, Layout).Dispose(),
            fragments
        );

    private void Write(params (string Name, double[] Values)[] tensors) =>
        SafetensorsWriter.WriteFile(
            _bundle.TensorsPath(7),
            [
                .. tensors.Select(tensor =>
                    TensorContent.From(tensor.Name, tensor.Values.Length == 4 ? [2, 2] : [2], tensor.Values)
                ),
            ]
        );
}
