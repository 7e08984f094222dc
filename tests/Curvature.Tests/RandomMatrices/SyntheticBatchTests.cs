using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>Predictions against batches of synthetic samples.</summary>
public class SyntheticBatchTests
{
    [Theory]
    [InlineData(4.0)]
    [InlineData(1.6)]
    [InlineData(0.6)]
    public void Batches_of_synthetic_samples_show_the_predicted_extremes_and_overlap(double ratio)
    {
        // H_i = λ φφᵀ + noise with entries of variance σ² = 1; λ is given in units of the threshold. A batch mean of
        // such samples is drawn directly: its noise is a Gaussian orthogonal matrix with entries of variance 1/b.
        const int size = 400;
        var noise = new HessianNoise(size, 1);
        var batch = new BatchShape(50, 1000);
        var threshold = MiniBatchTheory.DetectionThreshold(noise, batch);
        var largest = ratio * threshold;
        var values = new List<double>();
        var overlaps = new List<double>();
        for (var seed = 1; seed <= 3; seed++)
        {
            var matrix = Matrix<double>.Build.DenseOfArray(Ensembles.Goe(size, seed)) * threshold;
            matrix[0, 0] += largest;
            var evd = matrix.Evd(Symmetricity.Symmetric);
            values.Add(evd.EigenValues[size - 1].Real);
            overlaps.Add(Math.Pow(evd.EigenVectors[0, size - 1], 2));
        }

        // An outlier fluctuates by √(2/P) of the threshold (a Gaussian of that size sits on its diagonal entry), the
        // edge by P^(−2/3) (Tracy and Widom): four standard deviations of a mean of three for the former, which is the
        // wider at this P.
        var allowed = 4 * threshold * Math.Sqrt(2.0 / (3 * size));
        Assert.Equal(MiniBatchTheory.LargestEigenvalue(largest, noise, batch), values.Average(), allowed);

        // The overlap 1 − x⁻², x = λ/threshold, moves by 2x⁻³ a unit of x; below the threshold it is of order 1/P times
        // a factor that grows near it.
        var predicted = MiniBatchTheory.Overlap(largest, noise, batch);
        Assert.Equal(
            predicted,
            overlaps.Average(),
            ratio > 1 ? 4 * 2 / Math.Pow(ratio, 3) * Math.Sqrt(2.0 / (3 * size)) + (4.0 / size) : 0.05
        );
    }
}
