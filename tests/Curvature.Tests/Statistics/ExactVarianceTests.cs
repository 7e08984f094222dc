using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>The variance of all elements of a matrix.</summary>
public class ExactVarianceTests
{
    [Theory]
    [MemberData(nameof(SampleMatrices.Kinds), MemberType = typeof(SampleMatrices))]
    public void Variance_with_unit_vectors_equals_the_variance_of_all_elements(OperatorKind kind, bool batchNorm)
    {
        using var model = new TinyModel(batchNorm);
        var deviations = SampleMatrices.Deviations(model, kind);
        var measured = model.Statistics.Variance(kind, new VarianceOptions { Probes = 1000 });
        Assert.True(measured.Exact);
        Assert.Equal(VarianceForm.PerSample, measured.Form);
        var exact = deviations.Average(d => Math.Pow(d.FrobeniusNorm(), 2));
        Assert.Equal(exact, measured.Isotropic!.Value, 1e-12 * Math.Max(1, exact));
        Assert.Equal(
            2 * model.ParameterCount * (kind == OperatorKind.Residual ? 2 : 1),
            measured.Cost.CurvatureProducts
        );
    }
}
