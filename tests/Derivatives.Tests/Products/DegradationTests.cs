using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>What a linearization does when memory, or an exact derivative, is not to be had.</summary>
public sealed class DegradationTests
{
    [Fact]
    public void With_less_memory_graphs_go_first_then_the_micro_batch_is_split_then_the_product_is_refused()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Eval, TinyModels.Samples);
        var stages = new List<int>();
        for (long limit = scene.NeededBytes * 5 / 4; limit > 0; limit = limit * 9 / 10)
        {
            int stage = Stage(scene, limit);
            stages.Add(stage);
            if (stage == 3)
            {
                break;
            }
        }

        // All of the order is seen, and never an earlier stage at a smaller limit.
        Assert.Equal([0, 1, 2, 3], stages.Distinct());
        Assert.Equal(stages.Order(), stages);
    }

    /// <summary>
    /// 0 as asked for; 1 graphs rebuilt; 2 micro-batches split; 3 refused. The products of 0 to 2 are right.
    /// </summary>
    private static int Stage(Scene scene, long limit)
    {
        try
        {
            using var at = scene.Linearize(limit);
            at.HessianProduct(scene.V, scene.W);
            Differences.AssertClose(scene.Hessian, scene.W, 1e-12);
            at.GaussNewtonProduct(scene.V, scene.W);
            Differences.AssertClose(scene.GaussNewton, scene.W, 1e-12);
            Assert.InRange(at.PeakBytes, 1, limit);
            Assert.True(at.Degradation is not { MicroBatch: { } samples } || samples < TinyModels.Samples);
            return at.Degradation switch
            {
                null => 0,
                { MicroBatch: null } => 1,
                _ => 2,
            };
        }
        catch (DerivativeException refused)
        {
            Assert.Equal(DerivativeErrorKind.OutOfMemory, refused.Kind);
            Assert.Matches(
                @"needs more than \d+ bytes with one sample a micro-batch and no graph kept, "
                    + $"the limit is {limit}; raise the memory budget",
                refused.Message
            );
            return 3;
        }
    }
}
