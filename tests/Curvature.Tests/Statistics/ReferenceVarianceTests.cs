using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Variances of the reference cases.</summary>
public class ReferenceVarianceTests
{
    public static TheoryData<string> EveryCase() => [.. ReferenceCase.Names];

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Hessian_variance_sample_by_sample_agrees_within_three_standard_errors(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        using var top = TopEigenvectors.TopTen(reference);
        var measured = reference.Statistics.Variance(
            OperatorKind.Hessian,
            new VarianceOptions { Probes = 16, Seed = 1 },
            top.TopVectors
        );
        StatisticalAssert.WithinThreeErrors(
            reference.Number(OperatorKind.Hessian, "variance")!.Value,
            measured.Isotropic!
        );
        Assert.InRange(measured.Directional.Sum(along => along.Value), 0, measured.Isotropic!.Value);
        Assert.Equal(VarianceForm.PerSample, measured.Form);
        Assert.Equal(2 * (10 + 16), measured.Cost.CurvatureProducts);
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Gauss_newton_variance_from_random_batches_agrees_within_three_standard_errors(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var options = new VarianceOptions
        {
            Form = VarianceForm.RandomBatches,
            BatchSize = 20,
            Probes = 32,
            Seed = 5,
        };
        var measured = reference.Statistics.Variance(OperatorKind.GaussNewton, options);
        StatisticalAssert.WithinThreeErrors(
            reference.Number(OperatorKind.GaussNewton, "variance")!.Value,
            measured.Isotropic!
        );
        Assert.Equal(20, measured.BatchSize);
    }
}
