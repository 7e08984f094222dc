using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

/// <summary>Adam as a run describes it.</summary>
public sealed class AdamDescriptionTests
{
    [Fact]
    public void Adam_without_a_learning_rate_still_has_a_preconditioner()
    {
        var adam = new OptimizerDescription
        {
            Name = "adamw",
            Momentum = 0.9,
            Epsilon = 1e-6,
        };
        Assert.Equal(
            (0, 0.9, true),
            (adam.AdamAt(null)!.LearningRate, adam.AdamAt(null)!.Beta1, adam.AdamAt(null)!.DecoupledWeightDecay)
        );
        Assert.Empty(adam.LimitsAt(null));
        Assert.Equal(1e-6, adam.Damping);
        Assert.Equal(StabilityKind.Preconditioned, Assert.Single(adam.LimitsAt(0.001)).Kind);
    }
}
