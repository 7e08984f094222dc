using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Probe sets that do not suit.</summary>
public sealed class ProbeSetMistakeTests : IDisposable
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
}
