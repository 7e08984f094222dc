using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

/// <summary>The sharpness beside its limit.</summary>
public class StabilityRatioTests
{
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
}
