using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>The ends of the spectra of the reference cases.</summary>
public class ReferenceEigenvalueTests
{
    [Theory]
    [MemberData(nameof(EveryReferenceCase.EveryOperator), MemberType = typeof(EveryReferenceCase))]
    public void Ten_largest_and_the_smallest_eigenvalue_agree(string name, ElementType type, OperatorKind kind)
    {
        using var reference = new ReferenceCase(name, type);
        var exact = reference.Eigenvalues(kind);
        var scale = Scale(reference, kind, exact);
        using var symmetric = new OwnedOperator(reference, kind);

        // Room for every step: the smallest eigenvalue of these Gauss-Newton matrices ends a cluster at zero, which
        // restarts resolve to 1e-9 too slowly for a test.
        var options = new ExtremalOptions
        {
            Top = 10,
            Tolerance = 1e-9,
            MaximumSteps = 3000,
            MaximumVectors = 3010,
            ComputeVectors = false,
            Seed = 1,
        };
        using var result = ExtremalEigenpairs.Find(symmetric.Operator, options);

        Assert.True(result.Converged);
        Assert.Equal(10, result.Top.Count);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(exact[i], result.Top[i].Value, Tolerance(type) * scale);
        }

        Assert.Equal(exact[^1], result.LambdaMin!.Value, Tolerance(type) * scale);
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
