using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

public sealed class OptimizerDescriptionTests
{
    private static readonly OptimizerDescription Sgd = new()
    {
        Name = "sgd",
        LearningRate = 0.1,
        Momentum = 0.5,
    };

    [Fact]
    public void The_learning_rate_is_that_of_the_checkpoint_or_else_of_the_description()
    {
        Assert.Equal(0.1, Sgd.LearningRateAt(null));
        Assert.Equal(0.2, Sgd.LearningRateAt(0.2));
        Assert.Null((Sgd with { LearningRate = null }).LearningRateAt(null));

        // 2(1 + β)/η.
        Assert.Equal(30, Assert.Single(Sgd.LimitsAt(null)).Value, 1e-12);
        Assert.Equal(15, Assert.Single(Sgd.LimitsAt(0.2)).Value, 1e-12);
        Assert.Equal(0.1, Sgd.RatioAt(new Estimate(3, 0), StabilityKind.Full, null)!.Ratio, 1e-12);
    }

    [Fact]
    public void What_is_not_known_has_no_limit()
    {
        Assert.Empty((Sgd with { LearningRate = null }).LimitsAt(null));
        Assert.Empty((Sgd with { Name = "lion" }).LimitsAt(0.1));
        Assert.Empty((Sgd with { Momentum = 1 }).LimitsAt(0.1));
        Assert.Null(Sgd.Damping);
    }
}
