using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Variances from random batches.</summary>
public class ExactBatchVarianceTests
{
    [Fact]
    public void Random_batches_are_unbiased_for_the_variance_of_single_samples()
    {
        using var model = new TinyModel();
        var variance = SampleMatrices
            .Deviations(model, OperatorKind.Hessian)
            .Average(d => Math.Pow(d.FrobeniusNorm(), 2));
        using var direction = Vectors.Random(model.ParameterCount, 1);
        var v = Vector<double>.Build.Dense(direction.ToArray());
        var along = SampleMatrices.Deviations(model, OperatorKind.Hessian).Average(d => Math.Pow((d * v).L2Norm(), 2));

        // Eleven samples in batches of four: the last batch has three.
        var measured = model.Statistics.Variance(
            OperatorKind.Hessian,
            new VarianceOptions
            {
                Form = VarianceForm.RandomBatches,
                BatchSize = 4,
                Probes = 400,
                Partitions = 200,
                Seed = 2,
            },
            [direction]
        );
        Assert.Equal(variance, measured.Isotropic!.Value, 4 * measured.Isotropic.Error);
        Assert.Equal(along, measured.Directional[0].Value, 4 * measured.Directional[0].Error);
        Assert.InRange(measured.Isotropic.Error, 0, 0.1 * variance);
        Assert.InRange(measured.Directional[0].Error, 0, 0.1 * along);
        Assert.Equal(4, measured.BatchSize);

        var gradient = model.Statistics.Gradient(
            new GradientOptions
            {
                Form = VarianceForm.RandomBatches,
                BatchSize = 4,
                Partitions = 200,
            }
        );
        Assert.Equal(model.Statistics.Gradient().Variance.Value, gradient.Variance.Value, 4 * gradient.Variance.Error);
        Assert.InRange(gradient.Variance.Error, 0, 0.1 * gradient.Variance.Value);
    }
}
