using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

public class MiniBatchTheoryTests
{
    // P σ² = 1000.
    private static readonly HessianNoise Noise = new(100_000, 0.01);

    [Fact]
    public void The_formulas_of_the_thesis_by_hand()
    {
        // b = 100/(1 − 100/1000) = 111.1…, P σ²/b = 9, threshold 3.
        var batch = new BatchShape(100, 1000);
        Assert.Equal(1000 / 9.0, batch.EffectiveSize, 1e-12);
        Assert.Equal(9, Noise.Strength(batch), 1e-12);
        Assert.Equal(3, MiniBatchTheory.DetectionThreshold(Noise, batch), 1e-12);
        Assert.Equal(6, MiniBatchTheory.NoiseLaw(Noise, batch)!.UpperEdge, 1e-12);
        Assert.Equal(10 + 0.9, MiniBatchTheory.LargestEigenvalue(10, Noise, batch), 1e-12);
        Assert.Equal(6, MiniBatchTheory.LargestEigenvalue(2.9, Noise, batch), 1e-12);
        Assert.Equal(6, MiniBatchTheory.LargestEigenvalue(-1, Noise, batch), 1e-12);
        Assert.Equal(-10.9, MiniBatchTheory.SmallestEigenvalue(-10, Noise, batch), 1e-12);
        Assert.Equal(-6, MiniBatchTheory.SmallestEigenvalue(-2, Noise, batch), 1e-12);
        Assert.Equal(-6, MiniBatchTheory.SmallestEigenvalue(1, Noise, batch), 1e-12);
        Assert.Equal(0.91, MiniBatchTheory.Overlap(10, Noise, batch), 1e-12);
        Assert.Equal(0.91, MiniBatchTheory.Overlap(-10, Noise, batch), 1e-12);
        Assert.Equal(0, MiniBatchTheory.Overlap(3, Noise, batch), 1e-12);
        Assert.Equal(0.9, MiniBatchTheory.OverlapWithTruth(10, Noise, 100), 1e-12);
        Assert.Equal(0.5 * 9 / 2, MiniBatchTheory.MinimumDamping(0.5, Noise, batch), 1e-12);

        // Equation 5.33: 9 · (1 + β/10) · (1 + 10), β = P/b = 900.
        Assert.Equal(9 * 91 * 11, MiniBatchTheory.LargestGaussNewtonEigenvalue(10, Noise, batch), 1e-8);
        Assert.Equal(9 * 1.2 * 11, MiniBatchTheory.LargestGaussNewtonEigenvalue(10, Noise, batch, 2), 1e-10);
        Assert.Equal(9, MiniBatchTheory.LargestGaussNewtonEigenvalue(1, Noise, batch), 1e-12);
    }
}
