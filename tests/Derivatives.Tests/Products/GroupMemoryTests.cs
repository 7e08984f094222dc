using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>The memory of groups.</summary>
public class GroupMemoryTests
{
    [Fact]
    public void A_group_that_takes_more_than_the_limit_is_refused_and_smaller_ones_still_work()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 1);
        using var theta = TinyModels.Theta(model, 3);
        long needed;
        using (var free = new Linearization(objective, theta, new LinearizationOptions { RetainBytes = 0 }))
        {
            free.GroupGradientSquares(SampleGroups.InOrder(1, 1), theta, new double[1]);
            needed = free.PeakBytes;
        }

        using var at = new Linearization(
            objective,
            theta,
            new LinearizationOptions { RetainBytes = 0, LimitBytes = needed }
        );
        var whole = SampleGroups.InOrder(objective.SampleCount, objective.SampleCount);
        var refused = Assert.Throws<DerivativeException>(() => at.GroupGradientSquares(whole, theta, new double[1]));
        Assert.Equal(DerivativeErrorKind.OutOfMemory, refused.Kind);
        at.GroupGradientSquares(SampleGroups.InOrder(1, 1), theta, new double[1]);
    }
}
