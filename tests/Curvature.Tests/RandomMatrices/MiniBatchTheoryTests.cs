using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

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
    public void A_larger_batch_never_looks_sharper_and_tends_to_the_whole_set() =>
        Prop.ForAll(
                Gen.Choose(-300, 3000).Select(n => n / 100.0).ToArbitrary(),
                Gen.Choose(1, 4999).ToArbitrary(),
                (largest, size) =>
                {
                    var (small, large, whole) = (
                        new BatchShape(size, 5000),
                        new BatchShape(size + 1, 5000),
                        new BatchShape(5000, 5000)
                    );
                    var sharpness = MiniBatchTheory.LargestEigenvalue(largest, Noise, small);
                    return sharpness >= MiniBatchTheory.LargestEigenvalue(largest, Noise, large)
                        && sharpness >= Math.Max(largest, 0)
                        && MiniBatchTheory.LargestEigenvalue(largest, Noise, whole) == Math.Max(largest, 0)
                        && MiniBatchTheory.SmallestEigenvalue(-largest, Noise, small) == -sharpness
                        && MiniBatchTheory.Overlap(largest, Noise, small)
                            <= MiniBatchTheory.Overlap(largest, Noise, large);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData(4.0)]
    [InlineData(1.6)]
    [InlineData(0.6)]
    public void Batches_of_synthetic_samples_show_the_predicted_extremes_and_overlap(double ratio)
    {
        // H_i = λ φφᵀ + noise with entries of variance σ² = 1; λ is given in units of the threshold. A batch mean of
        // such samples is drawn directly: its noise is a Gaussian orthogonal matrix with entries of variance 1/b.
        const int size = 400;
        var noise = new HessianNoise(size, 1);
        var batch = new BatchShape(50, 1000);
        var threshold = MiniBatchTheory.DetectionThreshold(noise, batch);
        var largest = ratio * threshold;
        var values = new List<double>();
        var overlaps = new List<double>();
        for (var seed = 1; seed <= 3; seed++)
        {
            var matrix = Matrix<double>.Build.DenseOfArray(Ensembles.Goe(size, seed)) * threshold;
            matrix[0, 0] += largest;
            var evd = matrix.Evd(Symmetricity.Symmetric);
            values.Add(evd.EigenValues[size - 1].Real);
            overlaps.Add(Math.Pow(evd.EigenVectors[0, size - 1], 2));
        }

        // An outlier fluctuates by √(2/P) of the threshold (a Gaussian of that size sits on its diagonal entry), the
        // edge by P^(−2/3) (Tracy and Widom): four standard deviations of a mean of three for the former, which is the
        // wider at this P.
        var allowed = 4 * threshold * Math.Sqrt(2.0 / (3 * size));
        Assert.Equal(MiniBatchTheory.LargestEigenvalue(largest, noise, batch), values.Average(), allowed);

        // The overlap 1 − x⁻², x = λ/threshold, moves by 2x⁻³ a unit of x; below the threshold it is of order 1/P times
        // a factor that grows near it.
        var predicted = MiniBatchTheory.Overlap(largest, noise, batch);
        Assert.Equal(
            predicted,
            overlaps.Average(),
            ratio > 1 ? 4 * 2 / Math.Pow(ratio, 3) * Math.Sqrt(2.0 / (3 * size)) + (4.0 / size) : 0.05
        );
    }

    [Fact]
    public void The_learning_rate_grows_with_the_batch_while_noise_dominates_and_not_at_all_beyond()
    {
        var now = new BatchShape(128, 50_000_000);

        // Pσ² = 10⁶: below b = 100 the noise hides λ1 = 100 and the edge goes with 1/√B; beyond, λ' = λ1 + Pσ²/(Bλ1).
        var noisy = new HessianNoise(1_000_000, 1);
        var advice = LearningRateAdvice.For(new SgdSettings(0.01), 100, noisy, now, [32, 64, 128, 256, 1 << 20]);
        Assert.Equal(Math.Sqrt(2), advice[1].LearningRate / advice[0].LearningRate, 1e-5);
        Assert.Equal(0.01, advice[2].LearningRate, 1e-15);
        Assert.Equal(
            (100 + (10_000.0 / 128)) / (100 + (10_000.0 / 256)),
            advice[3].LearningRate / advice[2].LearningRate,
            1e-5
        );
        Assert.Equal(0.01 * (1 + (100.0 / 128)), advice[4].LearningRate, 1e-5);
        Assert.All(advice, item => Assert.Equal(2 / item.PredictedSharpness, item.LargestLearningRate!.Value, 1e-12));

        var quiet = new HessianNoise(1000, 1e-9);
        Assert.All(LearningRateAdvice.For(new SgdSettings(0.01), 100, quiet, now, [16, 512]), item =>
            Assert.Equal(0.01, item.LearningRate, 1e-8)
        );

        // Momentum moves the limit, and the advice with it.
        var momentum = LearningRateAdvice.For(new SgdSettings(0.01, 0.9), 100, quiet, now, [16])[0];
        Assert.Equal(2 * 1.9 / 100, momentum.LargestLearningRate!.Value, 1e-8);

        // Adam: √B, and no limit, which is one of the preconditioned operator.
        var adam = LearningRateAdvice.For(new AdamSettings(1e-3), 100, noisy, now, [512])[0];
        Assert.Equal(2e-3, adam.LearningRate, 1e-12);
        Assert.Null(adam.LargestLearningRate);
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
