using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Variances with leading directions taken out.</summary>
public class ExactDeflatedVarianceTests
{
    [Fact]
    public void Deflated_variance_equals_the_part_along_the_directions_plus_what_random_probes_see_of_the_rest()
    {
        using var model = new TinyModel();
        using var result = ExtremalEigenpairs.Find(
            new HessianOperator(model.Linearization),
            new ExtremalOptions
            {
                Top = 3,
                Bottom = 0,
                Tolerance = 1e-12,
            }
        );
        var exact = SampleMatrices.Deviations(model, OperatorKind.Hessian).Average(d => Math.Pow(d.FrobeniusNorm(), 2));
        double plain = 0,
            deflated = 0,
            skewed = 0;
        using var mixed = result.TopVectors[0].Clone();
        mixed.Add(result.TopVectors[1]);
        const int repeats = 15;
        for (var seed = 0; seed < repeats; seed++)
        {
            var options = new VarianceOptions { Probes = 10, Seed = 100 + seed };
            plain += model.Statistics.Variance(OperatorKind.Hessian, options).Isotropic!.Value / repeats;
            deflated +=
                model.Statistics.Variance(OperatorKind.Hessian, options, result.TopVectors).Isotropic!.Value / repeats;
            skewed +=
                model.Statistics.Variance(OperatorKind.Hessian, options, [result.TopVectors[0], mixed]).Isotropic!.Value
                / repeats;
        }

        Assert.Equal(exact, plain, 0.15 * exact);
        Assert.Equal(exact, deflated, 0.1 * exact);
        Assert.Equal(exact, skewed, 0.12 * exact);
    }
}
