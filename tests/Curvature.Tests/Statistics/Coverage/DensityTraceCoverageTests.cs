using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>Error bars of traces and Ritz values of few steps.</summary>
public sealed class DensityTraceCoverageTests(ITestOutputHelper output)
{
    [Fact]
    public void The_trace_of_few_lanczos_steps_covers_and_every_ritz_value_has_an_eigenvalue_within_its_bound()
    {
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            using var reference = new ReferenceCase(name, ElementType.Float64);
            var eigenvalues = reference.Eigenvalues(OperatorKind.Hessian);
            var analyzer = new CurvatureAnalyzer(reference.Linearization, TimeProvider.System);
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                var options = new SpectrumOptions
                {
                    Steps = 6,
                    TopEigenvalues = 3,
                    Seed = seed,
                };
                var measured = analyzer.Spectrum(OperatorKind.Hessian, options);
                tally.Add("trace", name, eigenvalues.Sum(), measured.Trace);
                Assert.All(measured.Eigenvalues.Append(measured.Smallest), value =>
                    Assert.InRange(Matrices.DistanceToNearest(value.Value, eigenvalues), 0, value.Error)
                );
            }
        }

        tally.AssertErrorBarsCover(output);
    }
}
