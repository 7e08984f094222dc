using System.Text.Json;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>
/// How the tensors of a checkpoint may lie in files: in several that an index joins, tied ones under every name,
/// through links.
/// </summary>
public sealed class CheckpointFilesTests : IDisposable
{
    private const string First = "step-00000007-00001-of-00002.safetensors";
    private const string Second = "step-00000007-00002-of-00002.safetensors";

    private static readonly double[] Weight = TestModels.Numbers(6, 1);
    private static readonly double[] Bias = TestModels.Numbers(2, 2);
    private static readonly double[] Mean = TestModels.Numbers(2, 3);

    private readonly TemporaryFolder _folder = new();
    private readonly RunBundle _bundle;

    public CheckpointFilesTests() => _bundle = CommittedStep.Create(_folder["bundle"]);

    private string Index => _bundle.TensorsPath(7) + ".index.json";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_in_several_files_are_read_through_their_index()
    {
        WriteShards();
        using var checkpoint = _bundle.ReadCheckpoint(7, TestModels.Layout);
        Assert.Equal([.. Weight, .. Bias], checkpoint.ParametersToArray());
        Assert.Equal(Mean, checkpoint.BuffersToArray());
        Assert.Equal([7L], _bundle.CheckpointSteps());
    }

    [Fact]
    public void Removing_a_checkpoint_removes_its_index_and_its_files()
    {
        WriteShards();
        Assert.True(_bundle.RemoveCheckpoint(7));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_bundle.Directory, "checkpoints")));
    }

    [Fact]
    public void An_index_that_does_not_tell_what_its_files_hold_is_refused()
    {
        WriteShards();
        File.WriteAllText(Index, Map(("fc.weight", Second), ("fc.bias", Second), ("bn.running_mean", Second)));
        Refused(_bundle.TensorsPath(7)[..^".safetensors".Length], "'fc.weight' is missing");
        File.WriteAllText(Index, Map(("fc.weight", First), ("bn.running_mean", Second)));
        Refused(Index, "'weight_map.fc.bias' is missing, though a file has it");
        File.WriteAllText(Index, Map(("fc.weight", First), ("fc.bias", "no-such-file.safetensors")));
        Refused(Path.Combine(_bundle.Directory, "checkpoints", "no-such-file.safetensors"), "cannot be read");
        File.WriteAllText(Index, "{\"weight_map\":{\"fc.weight\":3}}");
        Refused(Index, "'weight_map.fc.weight' is 3 where a string is expected");
        File.WriteAllText(Index, "{}");
        Refused(Index, "'weight_map' is missing");
        SafetensorsWriter.WriteFile(
            Place(Second),
            [
                TensorContent.From("fc.bias", [2], Bias),
                TensorContent.From("bn.running_mean", [2], Mean),
                TensorContent.From("fc.weight", [2, 3], Weight),
            ]
        );
        File.WriteAllText(Index, Map(("fc.weight", First), ("fc.bias", Second), ("bn.running_mean", Second)));
        Refused(Place(Second), "'fc.weight' is in another file of the index too");
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/inside.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    public void An_index_leads_to_no_other_folder(string name)
    {
        File.WriteAllText(Index, Map(("fc.weight", name)));
        Refused(Index, "name a file that lies beside the index");
    }

    [Fact]
    public void A_tied_tensor_may_stand_under_every_name_while_its_numbers_are_the_same()
    {
        var tensors = Whole();
        SafetensorsWriter.WriteFile(
            _bundle.TensorsPath(7),
            [.. tensors, TensorContent.From("decoder.weight", [2, 3], Weight)]
        );
        using (var checkpoint = _bundle.ReadCheckpoint(7, TestModels.Layout))
        {
            Assert.Equal([.. Weight, .. Bias], checkpoint.ParametersToArray());
        }

        double[] other = [.. Weight];
        other[5] += 1e-16;
        other[0] = Math.BitIncrement(other[0]);
        SafetensorsWriter.WriteFile(
            _bundle.TensorsPath(7),
            [.. tensors, TensorContent.From("decoder.weight", [2, 3], other)]
        );
        Refused(_bundle.TensorsPath(7), "'decoder.weight' is not a tensor of the model, nor equal to one of its shape");
        SafetensorsWriter.WriteFile(
            _bundle.TensorsPath(7),
            [.. tensors, TensorContent.From("decoder.weight", [3, 2], Weight)]
        );
        Refused(_bundle.TensorsPath(7), "'decoder.weight' is not a tensor of the model");
    }

    [Theory]
    [InlineData("checkpoints/step-00000007.safetensors")]
    [InlineData("checkpoints/step-00000007.json")]
    public void A_link_that_leads_out_of_the_bundle_is_refused(string file)
    {
        SafetensorsWriter.WriteFile(_bundle.TensorsPath(7), Whole());
        MoveOut(file);
        Refused(Path.Combine(_bundle.Directory, file), "is a link that leads out of the bundle");
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("probe.safetensors")]
    public void A_bundle_whose_files_are_links_that_lead_out_of_it_is_not_opened(string file)
    {
        MoveOut(file);
        BundleAssert.Refused(
            Path.Combine(_bundle.Directory, file),
            () => RunBundle.Open(_bundle.Directory),
            "is a link that leads out of the bundle"
        );
    }

    [Fact]
    public void Links_inside_a_bundle_and_to_a_bundle_are_followed()
    {
        SafetensorsWriter.WriteFile(_bundle.TensorsPath(7), Whole());
        string inner = Path.Combine(_bundle.Directory, "tensors");
        File.Move(_bundle.TensorsPath(7), inner);
        File.CreateSymbolicLink(_bundle.TensorsPath(7), "../tensors");
        Directory.CreateSymbolicLink(_folder["link"], _bundle.Directory);
        using var checkpoint = RunBundle.Open(_folder["link"]).ReadCheckpoint(7, TestModels.Layout);
        Assert.Equal(Mean, checkpoint.BuffersToArray());
    }

    [Fact]
    public void A_link_in_a_circle_is_refused()
    {
        File.CreateSymbolicLink(_bundle.TensorsPath(7), _bundle.TensorsPath(7) + ".other");
        File.CreateSymbolicLink(_bundle.TensorsPath(7) + ".other", _bundle.TensorsPath(7));
        Refused(_bundle.TensorsPath(7), "is a link that leads in a circle");
    }

    private static List<TensorContent> Whole() =>
        [
            TensorContent.From("fc.weight", [2, 3], Weight),
            TensorContent.From("fc.bias", [2], Bias),
            TensorContent.From("bn.running_mean", [2], Mean),
        ];

    private static string Map(params (string Tensor, string File)[] entries) =>
        JsonSerializer.Serialize(new { weight_map = entries.ToDictionary(entry => entry.Tensor, entry => entry.File) });

    private string Place(string file) => Path.Combine(_bundle.Directory, "checkpoints", file);

    private void WriteShards()
    {
        SafetensorsWriter.WriteFile(Place(First), [TensorContent.From("fc.weight", [2, 3], Weight)]);
        SafetensorsWriter.WriteFile(
            Place(Second),
            [TensorContent.From("fc.bias", [2], Bias), TensorContent.From("bn.running_mean", [2], Mean)]
        );
        File.WriteAllText(Index, Map(("fc.weight", First), ("fc.bias", Second), ("bn.running_mean", Second)));
    }

    private void MoveOut(string file)
    {
        string inside = Path.Combine(_bundle.Directory, file),
            outside = _folder["outside"];
        File.Move(inside, outside);
        File.CreateSymbolicLink(inside, outside);
    }

    private void Refused(string file, params string[] fragments) =>
        BundleAssert.Refused(file, () => _bundle.ReadCheckpoint(7, TestModels.Layout).Dispose(), fragments);
}
