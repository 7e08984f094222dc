using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

/// <summary>Running statistics under training.</summary>
public sealed class TrainingStatisticsTests
{
    [Fact]
    public void Training_moves_the_running_statistics_by_a_tenth_towards_those_of_the_batch()
    {
        var data = new SyntheticData(6, [1, 8, 8], 5, 2);
        using var samples = data.Samples(ElementType.Float64);
        using var run = new TrainingRun(SmallRuns.Options(SmallRuns.TinyCnn, "sgd", steps: 1, batch: 6), samples);
        var reference = new ReferenceNetwork(run.Model.Parameters, run.Parameters.ToArray());
        run.Step();

        using var buffers = Vector.Zeros(run.BufferCount, ElementType.Float64, Device.Cpu);
        run.GetBuffers(buffers);
        var means = run.Model.Buffers.Single(slot => slot.Name == "bn1.running_mean");
        var variances = run.Model.Buffers.Single(slot => slot.Name == "bn1.running_var");
        var outputs = Enumerable
            .Range(0, 6)
            .Select(sample => reference.Conv2d("conv1", data.Images(sample), 3, 1))
            .ToArray();
        for (var channel = 0; channel < 3; channel++)
        {
            double[] entries = [.. outputs.SelectMany(x => x[channel].Cast<double>())];
            var mean = entries.Average();
            var unbiased = entries.Sum(entry => Math.Pow(entry - mean, 2)) / (entries.Length - 1);
            Assert.Equal(0.1 * mean, buffers.ToArray()[means.Offset + channel], 1e-12);
            Assert.Equal(0.9 + (0.1 * unbiased), buffers.ToArray()[variances.Offset + channel], 1e-12);
        }
    }
}
