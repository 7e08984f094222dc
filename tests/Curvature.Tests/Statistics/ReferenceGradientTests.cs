using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Gradients of the reference cases.</summary>
public class ReferenceGradientTests
{
    public static TheoryData<string> EveryCase() => [.. ReferenceCase.Names];

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Gradient_norms_and_variance_are_exact(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = reference.Statistics.Gradient();
        Assert.Equal(VarianceForm.PerSample, measured.Form);
        Assert.Equal(reference.GradientNorm, measured.Norm.Value, 1e-8 * reference.GradientNorm);
        Assert.Equal(reference.GradientMaximum, measured.Maximum.Value, 1e-8 * reference.GradientMaximum);
        Assert.Equal(reference.GradientVariance, measured.Variance.Value, 1e-8 * reference.GradientVariance);
        Assert.Equal(
            reference.GradientVariance / Math.Pow(reference.GradientNorm, 2),
            measured.NoiseScale!.Value,
            1e-8 * measured.NoiseScale.Value
        );
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Gradient_variance_from_random_batches_agrees_within_its_error(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = reference.Statistics.Gradient(
            new GradientOptions
            {
                Form = VarianceForm.RandomBatches,
                BatchSize = 7,
                Partitions = 20,
                Seed = 1,
            }
        );
        Assert.Equal(7, measured.BatchSize);
        StatisticalAssert.WithinThreeErrors(reference.GradientVariance, measured.Variance);
        Assert.InRange(measured.Variance.Error, 1e-6 * measured.Variance.Value, 0.2 * measured.Variance.Value);
    }
}
