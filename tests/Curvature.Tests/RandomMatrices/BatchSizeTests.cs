using CurvatureMonitor.Curvature.RandomMatrices;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>The sharpness of batches of growing size.</summary>
public class BatchSizeTests
{
    // P σ² = 1000.
    private static readonly HessianNoise Noise = new(100_000, 0.01);

    [Fact]
    public void A_larger_batch_never_looks_sharper_and_tends_to_the_whole_set() =>
        Prop.ForAll(
                Gen.Choose(-300, 3000).Select(n => n / 100.0).ToArbitrary(),
                Gen.Choose(1, 4999).ToArbitrary(),
                (largest, size) =>
                {
                    var (small, large, whole) = (
                        new BatchShape(size, 5000),
                        new BatchShape(size + 1, 5000),
                        new BatchShape(5000, 5000)
                    );
                    var sharpness = MiniBatchTheory.LargestEigenvalue(largest, Noise, small);
                    return sharpness >= MiniBatchTheory.LargestEigenvalue(largest, Noise, large)
                        && sharpness >= Math.Max(largest, 0)
                        && MiniBatchTheory.LargestEigenvalue(largest, Noise, whole) == Math.Max(largest, 0)
                        && MiniBatchTheory.SmallestEigenvalue(-largest, Noise, small) == -sharpness
                        && MiniBatchTheory.Overlap(largest, Noise, small)
                            <= MiniBatchTheory.Overlap(largest, Noise, large);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
