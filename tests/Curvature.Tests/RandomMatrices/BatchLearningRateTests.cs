using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>The learning rate that a batch size allows.</summary>
public class BatchLearningRateTests
{
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
}
