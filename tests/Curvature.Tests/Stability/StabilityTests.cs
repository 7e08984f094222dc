using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

public class StabilityTests
{
    [Fact]
    public void Limits_are_those_of_the_formulas()
    {
        Assert.Equal(20, Limit(new SgdSettings(0.1), StabilityKind.Full), 1e-12);
        Assert.Equal(38, Limit(new SgdSettings(0.1, 0.9), StabilityKind.Full), 1e-12);
        Assert.Equal(38 / 2.8, Limit(new SgdSettings(0.1, 0.9, Nesterov: true), StabilityKind.Full), 1e-12);
        Assert.Equal(38_000, Limit(new AdamSettings(0.001), StabilityKind.Preconditioned), 1e-6);
        Assert.Equal(
            38_000,
            Limit(new AdamSettings(0.001, DecoupledWeightDecay: true), StabilityKind.Preconditioned),
            1e-6
        );
        Assert.Equal(20, Limit(new SgdSettings(0.1, BatchSize: 32, TrainingSamples: 1000), StabilityKind.Batch), 1e-12);
    }

    [Fact]
    public void A_limit_that_is_not_known_is_absent()
    {
        Assert.Null(StabilityLimit.For(new SgdSettings(0.1), StabilityKind.Batch));
        Assert.Null(
            StabilityLimit.For(new SgdSettings(0.1, BatchSize: 1000, TrainingSamples: 1000), StabilityKind.Batch)
        );
        Assert.Null(
            StabilityLimit.For(new SgdSettings(0.1, 0.9, BatchSize: 32, TrainingSamples: 1000), StabilityKind.Batch)
        );
        Assert.Null(StabilityLimit.For(new AdamSettings(0.1), StabilityKind.Full));
        Assert.Empty(StabilityLimit.For(new SgdSettings(0)));
        Assert.Empty(StabilityLimit.For(new AdamSettings(0)));
        Assert.Empty(StabilityLimit.For(new SgdSettings(double.NaN)));
        Assert.Empty(StabilityLimit.For(new SgdSettings(-1)));
        Assert.Null(StabilityRatio.Of(new Estimate(1, 0), null));
    }

    [Fact]
    public void The_ratio_carries_the_error_bar_of_the_sharpness()
    {
        var ratio = StabilityRatio.Of(
            new Estimate(21, 1),
            StabilityLimit.For(new SgdSettings(0.1), StabilityKind.Full)
        );
        Assert.NotNull(ratio);
        Assert.Equal(1.05, ratio.Ratio, 1e-12);
        Assert.Equal(1.00, ratio.Low, 1e-12);
        Assert.Equal(1.10, ratio.High, 1e-12);
        Assert.Equal("full", ratio.Limit.Kind.Label());
    }

    [Fact]
    public void Decays_outside_0_to_1_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdSettings(0.1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SgdSettings(0.1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamSettings(0.1, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamSettings(0.1, 0.9, 1));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.5, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void Descent_on_a_parabola_converges_just_below_the_limit_and_diverges_just_above(
        double momentum,
        bool nesterov
    )
    {
        var settings = new SgdSettings(0.1, momentum, nesterov);
        var limit = Limit(settings, StabilityKind.Full);
        Assert.True(Descend(settings, 0.98 * limit) < 1e-3);
        Assert.True(Descend(settings, 1.02 * limit) > 1e3);
    }

    private static double Limit(OptimizerSettings settings, StabilityKind kind) =>
        StabilityLimit.For(settings, kind)!.Value;

    // PyTorch's update rule on f(x) = λx²/2 from 1; returns |x| at the end.
    private static double Descend(SgdSettings settings, double curvature)
    {
        var (x, buffer) = (1.0, 0.0);
        for (var step = 0; step < 5000 && Math.Abs(x) < 1e100; step++)
        {
            var gradient = curvature * x;
            buffer = (settings.Momentum * buffer) + gradient;
            x -= settings.LearningRate * (settings.Nesterov ? gradient + (settings.Momentum * buffer) : buffer);
        }

        return Math.Abs(x);
    }
}
