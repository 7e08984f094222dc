using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Bench;

/// <summary>
/// A model with data at its initial parameters: what the products are measured on. Images repeat where more are asked
/// for than there are, and a model for another kind of image gets random ones: times do not depend on them.
/// </summary>
internal sealed class Workload : IDisposable
{
    private readonly ScriptModel _model;
    private readonly Samples _samples;

    internal Workload(string model, int samples, int microBatch, TrainTestData data)
    {
        Name = model;
        var definition = BuiltInModels.Create(model);
        _model = definition.Instantiate(ElementType.Float32, Device.Cpu, seed: 0);
        _samples = definition.InputShape.SequenceEqual(data.Train.Shape[1..].ToArray())
            ? Repeat(data.Train, samples)
            : Synthesise(definition, samples);
        MicroBatch = microBatch;
        Theta = Vector.Zeros(_model.ParameterCount, ElementType.Float32, Device.Cpu);
        _model.GetParameters(Theta);
    }

    internal string Name { get; }

    internal int MicroBatch { get; }

    internal long SampleCount => _samples.Count;

    internal Vector Theta { get; }

    internal Objective CreateObjective() => new(_model, _samples, Loss.CrossEntropy, BatchNormMode.Eval, MicroBatch);

    public void Dispose()
    {
        Theta.Dispose();
        _samples.Dispose();
        _model.Dispose();
    }

    private static Samples Repeat(ImageDataset images, int count)
    {
        float[] inputs = new float[count * images.ImageSize];
        long[] labels = new long[count];
        for (int i = 0; i < count; i++)
        {
            int source = i % images.Count;
            images
                .Images.Slice(source * images.ImageSize, images.ImageSize)
                .CopyTo(inputs.AsSpan(i * images.ImageSize));
            labels[i] = images.Labels[source];
        }

        long[] shape = [count, .. images.Shape[1..]];
        return Samples.Classification(inputs, shape, labels, ElementType.Float32, Device.Cpu);
    }

    private static Samples Synthesise(ModelDefinition definition, int count)
    {
        using var normal = Vector.Zeros(
            count * definition.InputShape.Aggregate(1L, (product, size) => product * size),
            ElementType.Float32,
            Device.Cpu
        );
        normal.FillNormal(1);
        float[] inputs = new float[normal.Length];
        normal.CopyTo(inputs);
        long[] labels = [.. Enumerable.Range(0, count).Select(i => (long)(i % 10))];
        return Samples.Classification(
            inputs,
            [count, .. definition.InputShape],
            labels,
            ElementType.Float32,
            Device.Cpu
        );
    }
}
