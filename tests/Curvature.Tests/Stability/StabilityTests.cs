using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

public class StabilityTests
{
    [Fact]
    public void Limits_are_those_of_the_formulas()
    {
        Assert.Equal(20, Limits.Limit(new SgdSettings(0.1), StabilityKind.Full), 1e-12);
        Assert.Equal(38, Limits.Limit(new SgdSettings(0.1, 0.9), StabilityKind.Full), 1e-12);
        Assert.Equal(38 / 2.8, Limits.Limit(new SgdSettings(0.1, 0.9, Nesterov: true), StabilityKind.Full), 1e-12);
        Assert.Equal(38_000, Limits.Limit(new AdamSettings(0.001), StabilityKind.Preconditioned), 1e-6);
        Assert.Equal(
            38_000,
            Limits.Limit(new AdamSettings(0.001, DecoupledWeightDecay: true), StabilityKind.Preconditioned),
            1e-6
        );
        Assert.Equal(
            20,
            Limits.Limit(new SgdSettings(0.1, BatchSize: 32, TrainingSamples: 1000), StabilityKind.Batch),
            1e-12
        );
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
}
