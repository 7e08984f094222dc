using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>The noise of batches, at its limits.</summary>
public class BatchNoiseTests
{
    // P σ² = 1000.
    private static readonly HessianNoise Noise = new(100_000, 0.01);

    [Fact]
    public void The_whole_set_has_no_noise_and_an_unknown_set_counts_as_infinite()
    {
        var whole = new BatchShape(500, 500);
        Assert.Equal(double.PositiveInfinity, whole.EffectiveSize);
        Assert.Equal(7, MiniBatchTheory.LargestEigenvalue(7, Noise, whole));
        Assert.Equal(1, MiniBatchTheory.Overlap(7, Noise, whole));
        Assert.Equal(0, MiniBatchTheory.MinimumDamping(0.1, Noise, whole));
        Assert.Null(MiniBatchTheory.NoiseLaw(Noise, whole));
        Assert.Equal(64, new BatchShape(64).EffectiveSize);
        Assert.Equal(0.01, HessianNoise.FromVariance(100_000, 1e8).ElementVariance, 1e-15);
    }

    [Fact]
    public void Impossible_batches_and_noise_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchShape(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchShape(11, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            LearningRateAdvice.For(new SgdSettings(0.1), 1, Noise, new BatchShape(10, 10), [12])
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => new HessianNoise(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HessianNoise(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            MiniBatchTheory.LargestEigenvalue(double.NaN, Noise, new BatchShape(1))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            LearningRateAdvice.For(new SgdSettings(0), 1, Noise, new BatchShape(1), [1])
        );
        Assert.Throws<ArgumentException>(() =>
            LearningRateAdvice.For(new SgdSettings(1), -1, new HessianNoise(1, 0), new BatchShape(1), [1])
        );
    }
}
