using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Graphs that are kept, and graphs that are built again.</summary>
[Collection(nameof(Alone))]
public sealed class RetainedGraphTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(long.MaxValue, 3)]
    public void Retained_and_rebuilt_graphs_give_the_same_products(long budget, int retained)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn, ElementType.Float32);
        using var samples = TinyModels.Images(ElementType.Float32);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta, new LinearizationOptions { RetainBytes = budget });
        using var reference = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        using var expected = v.ZerosLike();
        reference.HessianProduct(v, expected);
        for (int i = 0; i < 3; i++)
        {
            at.HessianProduct(v, w);
            Assert.Equal(expected.ToArray(), w.ToArray());
        }

        // Jv comes from the retained gradient graph, or else by forward mode: equal but for rounding.
        reference.GaussNewtonProduct(v, expected);
        at.GaussNewtonProduct(v, w);
        Differences.AssertClose(expected.ToArray(), w, 1e-5);
        Assert.Equal(3, at.MicroBatches);
        Assert.Equal(retained, at.RetainedMicroBatches);
        Assert.Equal(retained > 0, at.RetainedBytes > 0);
        Assert.InRange(at.PeakBytes, Math.Max(1, at.RetainedBytes), long.MaxValue);
    }
}
