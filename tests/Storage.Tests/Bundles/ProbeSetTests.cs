using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

public sealed class ProbeSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["probe.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classification_set_that_is_written_is_read_back()
    {
        float[] inputs = [.. Enumerable.Range(0, 24).Select(i => i / 7f)];
        ProbeSet.Classification(inputs, [2, 3, 4], [1, 0]).Write(Path);

        ProbeSet read = ProbeSet.Read(Path, Loss.CrossEntropy);

        Assert.Equal(ElementType.Float32, read.ElementType);
        Assert.Equal([2L, 3L, 4L], read.Inputs[0].Shape);
        Assert.Equal(inputs.Select(x => (double)x), read.Inputs[0].Numbers.ToArray());
        Assert.Equal([1L, 0L], read.Labels.ToArray());
        Assert.Equal((true, 2L, 0L), (read.IsClassification, read.Count, read.Targets.Length));
        using SafetensorsFile file = SafetensorsFile.Open(Path);
        Assert.Equal((TensorType.Float32, TensorType.Int64), (file["inputs"].Type, file["targets"].Type));
    }

    [Fact]
    public void A_regression_set_that_is_written_is_read_back()
    {
        ProbeSet.Regression([1, 2, 3, 4], [2, 2], [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f], 3).Write(Path);

        ProbeSet read = ProbeSet.Read(Path, Loss.MeanSquaredError);

        Assert.Equal([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f], read.Targets.ToArray().Select(x => (float)x));
        Assert.Equal((false, 2L, 3L, 0L), (read.IsClassification, read.Count, read.Outputs, read.Labels.Length));
    }

    [Fact]
    public void Inputs_that_are_whole_numbers_stay_whole_numbers()
    {
        long[] tokens = [7, 0, 3, 9_007_199_254_740_993, 1, 2];
        SafetensorsWriter.WriteFile(
            Path,
            [TensorContent.From("inputs", [2, 3], tokens), TensorContent.From("targets", [2], new long[] { 1, 0 })]
        );

        ProbeSet read = ProbeSet.Read(Path, Loss.CrossEntropy);
        read.Write(Path);
        ProbeSet again = ProbeSet.Read(Path, Loss.CrossEntropy);

        Assert.Equal(tokens, read.Inputs[0].Wholes.ToArray());
        Assert.Equal(read.Inputs[0].Wholes.ToArray(), again.Inputs[0].Wholes.ToArray());
        Assert.True(read.Inputs[0].Numbers.IsEmpty);
        Assert.Equal([2L, 3L], again.Inputs[0].Shape);
    }

    [Fact]
    public void Each_position_of_a_sequence_may_have_a_label()
    {
        long[] labels = [2, 1, 0, 0, 1, 2];
        SafetensorsWriter.WriteFile(
            Path,
            [TensorContent.From("inputs", [2, 3], labels), TensorContent.From("targets", [2, 3], labels)]
        );

        ProbeSet read = ProbeSet.Read(Path, Loss.CrossEntropy);
        read.Write(Path);

        Assert.Equal((3L, 2L), (read.Positions, read.Count));
        Assert.Equal(labels, read.Labels.ToArray());
        Assert.Equal(3, ProbeSet.Read(Path, Loss.CrossEntropy).Positions);
    }
}
