using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Random images with labels, in memory: enough to compare computations, nothing to learn.</summary>
internal sealed class SyntheticData
{
    public SyntheticData(int count, long[] shape, int classes, long seed)
    {
        var random = new Xoshiro256(seed);
        Shape = [count, .. shape];
        Inputs =
        [
            .. Enumerable.Range(0, (int)Shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextUniform(-1, 2)),
        ];
        Labels = [.. Enumerable.Range(0, count).Select(_ => random.NextBelow(classes))];
    }

    public long[] Shape { get; }

    public double[] Inputs { get; }

    public long[] Labels { get; }

    public Samples Samples(ElementType type) =>
        Derivatives.Samples.Classification(Inputs, Shape, Labels, type, Device.Cpu);

    /// <summary>The images of one sample.</summary>
    public double[][,] Images(int sample)
    {
        var (channels, height, width) = ((int)Shape[1], (int)Shape[2], (int)Shape[3]);
        return
        [
            .. Enumerable
                .Range(0, channels)
                .Select(c =>
                {
                    var image = new double[height, width];
                    Buffer.BlockCopy(
                        Inputs,
                        sizeof(double) * ((sample * channels) + c) * height * width,
                        image,
                        0,
                        sizeof(double) * height * width
                    );
                    return image;
                }),
        ];
    }
}
