using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>
/// The error bars of what a spectral density says: statistical ones as often as promised, residual bounds always.
/// </summary>
public sealed class DensityCoverageTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(OperatorKind.Hessian, 1)]
    [InlineData(OperatorKind.Hessian, 4)]
    [InlineData(OperatorKind.GaussNewton, 1)]
    public void Moments_of_a_density_lie_within_their_error_bars_as_often_as_promised(OperatorKind kind, int probes)
    {
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            using var reference = new ReferenceCase(name, ElementType.Float64);
            var eigenvalues = reference.Eigenvalues(kind);
            var zero = 1e-3 * eigenvalues[0];
            var negative = eigenvalues.Where(value => value < -zero).ToList();
            var random = new Random(1);
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                var density = Seen(eigenvalues, probes, random);
                tally.Add("trace", name, eigenvalues.Sum(), density.Trace);
                if (negative.Count > 0)
                {
                    tally.Add(
                        "negative eigenvalues",
                        name,
                        negative.Count / (double)eigenvalues.Length,
                        density.NegativeEigenvalues(zero)
                    );
                    tally.Add(
                        "negative mass",
                        name,
                        -negative.Sum() / eigenvalues.Sum(Math.Abs),
                        density.NegativeMass(zero)!
                    );
                }
            }
        }

        tally.AssertErrorBarsCover(output);
    }

    // What Lanczos that went on to the end would see from random unit vectors: every eigenvalue with the square of a
    // coordinate.
    private static SpectralDensity Seen(double[] eigenvalues, int probes, Random random) =>
        SpectralDensity.Average([
            .. Enumerable
                .Range(0, probes)
                .Select(_ =>
                    SpectralDensity.Create(
                        eigenvalues,
                        [.. eigenvalues.Select(_ => Math.Pow(Matrices.Normal(random), 2))],
                        eigenvalues.Length
                    )
                ),
        ]);
}
