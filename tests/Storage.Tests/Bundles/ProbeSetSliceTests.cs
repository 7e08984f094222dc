using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Chosen samples of a probe set.</summary>
public sealed class ProbeSetSliceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["probe.safetensors"];

    public void Dispose() => _folder.Dispose();

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

        Assert.Equal([30L, 31L, 10L, 11L], sequences.Inputs[0].Wholes.ToArray());
        Assert.Equal([5L, 6L, 1L, 2L], sequences.Labels.ToArray());
        Assert.Equal((2L, 2L), (sequences.Count, sequences.Positions));
        Assert.Equal([3.0, 4, 3, 4, 1, 2], numbers.Inputs[0].Numbers.ToArray());
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
