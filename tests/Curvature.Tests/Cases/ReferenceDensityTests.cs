using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>The densities of the reference cases.</summary>
public class ReferenceDensityTests
{
    [Theory]
    [MemberData(nameof(EveryReferenceCase.EveryOperator), MemberType = typeof(EveryReferenceCase))]
    public void Density_moments_agree_with_the_exact_ones_within_what_one_probe_allows(
        string name,
        ElementType type,
        OperatorKind kind
    )
    {
        using var reference = new ReferenceCase(name, type);
        var exact = reference.Eigenvalues(kind);
        var scale = Scale(reference, kind, exact);
        using var symmetric = new OwnedOperator(reference, kind);
        using var start = Vectors.StartFor(symmetric.Operator, 7);
        using var decomposition = Lanczos.Run(symmetric.Operator, start, new LanczosOptions { Steps = 20 });
        var density = SpectralDensity.From(decomposition);
        var sameStart = Vectors.Moments(symmetric.Operator, start, 6);
        for (var k = 1; k <= 6; k++)
        {
            var order = k;
            var rounding = 10 * Tolerance(type) * Math.Pow(scale, k) / Math.Sqrt(exact.Length);

            // vᵀA^k v for v uniform on the sphere: Var = 2/(P+2) (⟨λ^2k⟩ − ⟨λ^k⟩²). Where one eigenvalue carries a high
            // moment it is a chi-square of one degree of freedom, hence five deviations rather than three.
            var mean = exact.Average(value => Math.Pow(value, order));
            var variance =
                2.0 / (exact.Length + 2) * (exact.Average(value => Math.Pow(value, 2 * order)) - (mean * mean));
            Assert.Equal(mean, density.Moment(k), (5 * Math.Sqrt(variance)) + rounding);

            Assert.Equal(
                sameStart[k],
                density.Moment(k),
                (type == ElementType.Float64 ? 1e-12 : 2e-5) * Math.Pow(scale, k)
            );
        }
    }

    // The residual of a linear model is zero: what is computed is rounding of the Hessian, and that is what it must be
    // measured by.
    private static double Scale(ReferenceCase reference, OperatorKind kind, double[] exact)
    {
        var own = Matrices.NormOf(exact);
        var hessian =
            kind == OperatorKind.Residual ? Matrices.NormOf(reference.Eigenvalues(OperatorKind.Hessian)) : own;
        return own < 1e-12 * hessian ? hessian : own;
    }

    private static double Tolerance(ElementType type) => type == ElementType.Float64 ? 1e-8 : 1e-4;
}
