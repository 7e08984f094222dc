using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>The budget of kept graphs.</summary>
public sealed class GraphBudgetTests
{
    [Fact]
    public void A_budget_keeps_as_many_micro_batches_as_it_has_room_for()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 2);
        using var theta = TinyModels.Theta(model, 5);
        using var v = theta.ZerosLike();
        v.FillNormal(1);
        using var w = theta.ZerosLike();
        using var all = new Linearization(objective, theta);
        all.HessianProduct(v, w);
        using var some = new Linearization(
            objective,
            theta,
            new LinearizationOptions { RetainBytes = all.RetainedBytes / 2 }
        );
        some.HessianProduct(v, w);
        Assert.Equal(5, all.RetainedMicroBatches);
        Assert.Equal(2, some.RetainedMicroBatches);
        Assert.InRange(some.RetainedBytes, 1, all.RetainedBytes / 2);
    }
}
