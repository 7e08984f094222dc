using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Micro-batches that may not be split.</summary>
public sealed class BatchNormDegradationTests
{
    [Fact]
    public void A_micro_batch_that_defines_the_loss_is_never_split()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Train, TinyModels.Samples);
        for (long limit = scene.NeededBytes; limit > 0; limit = limit * 9 / 10)
        {
            try
            {
                using var at = scene.Linearize(limit);
                at.HessianProduct(scene.V, scene.W);
                Assert.Null(at.Degradation?.MicroBatch);
                Differences.AssertClose(scene.Hessian, scene.W, 1e-13);
            }
            catch (DerivativeException refused)
            {
                Assert.Equal(DerivativeErrorKind.OutOfMemory, refused.Kind);
                Assert.Matches(
                    $@"a curvature product needs (about|more than) \d+ bytes with {TinyModels.Samples} samples "
                        + $"a micro-batch and no graph kept, the limit is {limit}; ",
                    refused.Message
                );
                Assert.Contains("batch norm in mode eval", refused.Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("nothing was refused");
    }
}
