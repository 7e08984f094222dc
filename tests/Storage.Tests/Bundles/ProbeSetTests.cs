using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

public sealed class ProbeSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, Loss, string[]> Mistakes =>
        new()
        {
            { "labels for mse", Loss.MeanSquaredError, ["'targets' is I64 [2]", "floating-point numbers [2, K]"] },
            { "numbers for cross_entropy", Loss.CrossEntropy, ["'targets' is F32 [2, 1]", "whole numbers [2]"] },
            { "flat numbers for mse", Loss.MeanSquaredError, ["'targets' is F32 [2]", "[2, K]"] },
            { "three labels", Loss.CrossEntropy, ["'targets' is I64 [3]", "[2]"] },
            { "no outputs", Loss.MeanSquaredError, ["'targets' is F32 [2, 0]"] },
            { "scalar inputs", Loss.CrossEntropy, ["'inputs' has the shape []"] },
            { "no samples", Loss.CrossEntropy, ["'inputs' has the shape [0, 3]"] },
            { "NaN input", Loss.CrossEntropy, ["'inputs' holds NaN at element 1", "finite"] },
            { "infinite target", Loss.MeanSquaredError, ["'targets' holds Infinity at element 0"] },
            { "negative label", Loss.CrossEntropy, ["'targets' holds the label -1 at sample 1"] },
            { "no targets", Loss.CrossEntropy, ["'targets' is missing", "inputs"] },
            { "no inputs", Loss.CrossEntropy, ["'inputs' is missing", "targets"] },
        };

    private string Path => _folder["probe.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classification_set_that_is_written_is_read_back()
    {
        float[] inputs = [.. Enumerable.Range(0, 24).Select(i => i / 7f)];
        ProbeSet.Classification(inputs, [2, 3, 4], [1, 0]).Write(Path);

        ProbeSet read = ProbeSet.Read(Path, Loss.CrossEntropy);

        Assert.Equal(ElementType.Float32, read.ElementType);
        Assert.Equal([2L, 3L, 4L], read.InputShape.ToArray());
        Assert.Equal(inputs.Select(x => (double)x), read.Inputs.ToArray());
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

        Assert.Equal(tokens, read.Tokens.ToArray());
        Assert.Equal(read.Tokens.ToArray(), again.Tokens.ToArray());
        Assert.True(read.Inputs.IsEmpty);
        Assert.Equal([2L, 3L], again.InputShape.ToArray());
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

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_probe_set_that_does_not_suit_is_refused_in_one_line_that_names_the_tensor(
        string mistake,
        Loss loss,
        string[] fragments
    )
    {
        TensorContent inputs = TensorContent.From("inputs", [2, 1], new float[] { 1, 2 });
        TensorContent labels = TensorContent.From("targets", [2], new long[] { 0, 1 });
        TensorContent[] contents = mistake switch
        {
            "labels for mse" => [inputs, labels],
            "numbers for cross_entropy" => [inputs, TensorContent.From("targets", [2, 1], new float[2])],
            "flat numbers for mse" => [inputs, TensorContent.From("targets", [2], new float[2])],
            "three labels" => [inputs, TensorContent.From("targets", [3], new long[3])],
            "no outputs" => [inputs, TensorContent.From("targets", [2, 0], Array.Empty<float>())],
            "scalar inputs" => [TensorContent.From("inputs", [], new float[1]), labels],
            "no samples" => [TensorContent.From("inputs", [0, 3], Array.Empty<float>()), labels],
            "NaN input" => [TensorContent.From("inputs", [2, 1], new[] { 1, float.NaN }), labels],
            "infinite target" => [inputs, TensorContent.From("targets", [2, 1], new[] { float.PositiveInfinity, 1 })],
            "negative label" => [inputs, TensorContent.From("targets", [2], new long[] { 0, -1 })],
            "no targets" => [inputs],
            "no inputs" => [labels],
            _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
        };
        SafetensorsWriter.WriteFile(Path, contents);

        BundleAssert.Refused(Path, () => ProbeSet.Read(Path, loss), fragments);
    }

    [Fact]
    public void Chosen_samples_keep_inputs_and_targets_together()
    {
        long[] tokens = [10, 11, 20, 21, 30, 31],
            labels = [1, 2, 3, 4, 5, 6];
        SafetensorsWriter.WriteFile(
            Path,
            [TensorContent.From("inputs", [3, 2], tokens), TensorContent.From("targets", [3, 2], labels)]
        );
        ProbeSet sequences = ProbeSet.Read(Path, Loss.CrossEntropy).Select([2, 0]);
        ProbeSet numbers = ProbeSet.Regression([1, 2, 3, 4], [2, 2], [5, 6], 1).Select([1, 1, 0]);

        Assert.Equal([30L, 31L, 10L, 11L], sequences.Tokens.ToArray());
        Assert.Equal([5L, 6L, 1L, 2L], sequences.Labels.ToArray());
        Assert.Equal((2L, 2L), (sequences.Count, sequences.Positions));
        Assert.Equal([3.0, 4, 3, 4, 1, 2], numbers.Inputs.ToArray());
        Assert.Equal([6.0, 6, 5], numbers.Targets.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => sequences.Select([2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sequences.Select([-1]));
    }

    [Fact]
    public void Arrays_that_do_not_agree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ProbeSet.Classification([1, 2, 3], [2, 2], [0, 1]));
        Assert.Throws<ArgumentException>(() => ProbeSet.Classification([1, 2], [2, 1], [0, 1, 2]));
        Assert.Throws<ArgumentException>(() => ProbeSet.Classification([1, 2], [2, 1], [0, -1]));
        Assert.Throws<ArgumentException>(() => ProbeSet.Classification([], [0, 1], []));
        Assert.ThrowsAny<ArgumentException>(() => ProbeSet.Regression([1, 2], [2, 1], [1, 2, 3], 2));
    }
}
