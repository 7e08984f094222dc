using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Gradient statistics against the gradients of single samples.</summary>
public class ExactGradientTests
{
    [Fact]
    public void Gradient_statistics_equal_those_of_the_samples_own_gradients() =>
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), Gen.Choose(2, 9).ToArbitrary(), (seed, samples) =>
            {
                using var model = new TinyModel(samples: samples, microBatch: 3, seed: seed);
                var gradients = SampleMatrices
                    .Each(model)
                    .Select(i => Vector<double>.Build.Dense(model.Gradient(i)))
                    .ToArray();
                var mean = gradients.Aggregate((a, b) => a + b) / samples;
                var variance = gradients.Average(g => (g - mean).DotProduct(g - mean));
                var measured = model.Statistics.Gradient();
                Assert.Equal(mean.L2Norm(), measured.Norm.Value, 1e-12);
                Assert.Equal(mean.InfinityNorm(), measured.Maximum.Value, 1e-12);
                Assert.Equal(variance, measured.Variance.Value, 1e-12);
                Assert.Equal(
                    variance / mean.DotProduct(mean),
                    measured.NoiseScale!.Value,
                    1e-9 * measured.NoiseScale.Value
                );
                Assert.Equal(0, measured.Cost.CurvatureProducts);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(15));
}
