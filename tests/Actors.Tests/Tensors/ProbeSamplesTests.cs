using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;
using CurvatureMonitor.Storage.Tests;

namespace CurvatureMonitor.Actors.Tests.Tensors;

public sealed class ProbeSamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_for_the_engine_have_the_same_count()
    {
        using Samples classification = ProbeSet
            .Classification([1, 2, 3, 4], [2, 2], [0, 1])
            .ToSamples(ElementType.Float64, Device.Cpu);
        using Samples regression = ProbeSet
            .Regression([1, 2, 3, 4], [4, 1], [1, 2, 3, 4], 1)
            .ToSamples(ElementType.Float32, Device.Cpu);

        Assert.Equal((2L, 4L), (classification.Count, regression.Count));
    }

    [Fact]
    public void Whole_numbers_become_samples_too()
    {
        string path = _folder["probe.safetensors"];
        long[] tokens = [7, 0, 3, 9_007_199_254_740_993, 1, 2],
            labels = [2, 1, 0, 0, 1, 2];
        Write(TensorContent.From("targets", [2], new long[] { 1, 0 }));
        using Samples tokenSamples = ProbeSet.Read(path, Loss.CrossEntropy).ToSamples(ElementType.Float32, Device.Cpu);
        Write(TensorContent.From("targets", [2, 3], labels));
        using Samples positions = ProbeSet.Read(path, Loss.CrossEntropy).ToSamples(ElementType.Float64, Device.Cpu);
        Write(TensorContent.From("targets", [2, 1], new float[] { 1, 2 }));
        using Samples numbers = ProbeSet.Read(path, Loss.MeanSquaredError).ToSamples(ElementType.Float64, Device.Cpu);

        Assert.Equal((2L, 2L, 2L), (tokenSamples.Count, positions.Count, numbers.Count));

        void Write(TensorContent targets) =>
            SafetensorsWriter.WriteFile(path, [TensorContent.From("inputs", [2, 3], tokens), targets]);
    }
}
