using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Standard errors over the number of probes.</summary>
public class StandardErrorTests
{
    [Fact]
    public void Standard_errors_shrink_as_one_over_the_square_root_of_the_probes()
    {
        using var reference = new ReferenceCase("softmax_49_10", ElementType.Float64);
        var statistics = reference.Statistics;
        var (few, many) = (
            statistics.Trace(OperatorKind.Hessian, new TraceOptions { Probes = 40 }),
            statistics.Trace(OperatorKind.Hessian, new TraceOptions { Probes = 360 })
        );
        Assert.Equal(3, few.Trace.Error / many.Trace.Error, 0.8);
        Assert.Equal(3, few.Frobenius.Error / many.Frobenius.Error, 0.8);
        var variances = new[] { 40, 360 }
            .Select(probes =>
                statistics
                    .Variance(
                        OperatorKind.Hessian,
                        new VarianceOptions
                        {
                            Probes = probes,
                            Form = VarianceForm.RandomBatches,
                            BatchSize = 100,
                        }
                    )
                    .Isotropic!.Error
            )
            .ToArray();
        Assert.Equal(3, variances[0] / variances[1], 0.8);
        variances =
        [
            .. new[] { 12, 48 }.Select(probes =>
                statistics.Variance(OperatorKind.Hessian, new VarianceOptions { Probes = probes }).Isotropic!.Error
            ),
        ];
        Assert.Equal(2, variances[0] / variances[1], 0.8);
    }
}
