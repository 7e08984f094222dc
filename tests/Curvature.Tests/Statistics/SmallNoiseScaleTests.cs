using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Noise scales of probe sets of few samples, and of one.</summary>
public sealed class SmallNoiseScaleTests
{
    [Fact]
    public void The_error_covers_the_lean_of_a_probe_set_that_is_small_beside_the_noise_scale()
    {
        // T = 64 of 320 samples: ‖g‖² is too large by a fifth, and in as many as 64 directions it hardly scatters.
        double[] point = [.. Enumerable.Repeat(NoisySamples.Deviation / 8, 64)];
        const double truth = 64;
        var random = new Random(4);
        var measured = Enumerable
            .Range(0, 120)
            .Select(_ => NoisySamples.NoiseScale(random, 320, VarianceForm.PerSample, point))
            .ToList();
        Assert.True(measured.Average(estimate => estimate.Value) < 0.95 * truth);
        var distance = Math.Sqrt(measured.Average(estimate => Math.Pow(estimate.Value - truth, 2)));
        Assert.InRange(Math.Sqrt(measured.Average(estimate => estimate.Error * estimate.Error)) / distance, 0.75, 1.35);
    }

    [Fact]
    public void The_error_falls_with_the_root_of_the_number_of_samples()
    {
        var random = new Random(2);
        var few = Enumerable
            .Range(0, 20)
            .Average(_ => NoisySamples.NoiseScale(random, 128, VarianceForm.PerSample).Error);
        var many = Enumerable
            .Range(0, 20)
            .Average(_ => NoisySamples.NoiseScale(random, 2048, VarianceForm.PerSample).Error);
        Assert.InRange(few / many, 3, 5.5);
    }

    [Fact]
    public void One_sample_has_no_noise_scale()
    {
        using var at = NoisySamples.At(new Random(3), 1, NoisySamples.Point);
        Assert.Null(new CurvatureStatistics(at.Linearization, TimeProvider.System).Gradient().NoiseScale);
    }
}
