using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>Operators are linear.</summary>
public class OperatorLinearityTests
{
    public static TheoryData<string> EveryCase() => [.. ReferenceCase.Names];

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Operators_are_linear_and_the_residual_is_their_difference(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        using var residual = new ResidualOperator(reference.Linearization);
        var hessian = new HessianOperator(reference.Linearization);
        var gaussNewton = new GaussNewtonOperator(reference.Linearization);
        using var v = Vectors.Random(reference.Theta.Length, 1);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        using var r = v.ZerosLike();
        hessian.Apply(v, h);
        gaussNewton.Apply(v, g);
        residual.Apply(v, r);
        var scale = h.Norm();
        Assert.Equal(1, hessian.Products);
        Assert.Equal(1, gaussNewton.Products);
        Assert.Equal(2, residual.Products);
        Assert.Equal(g.Norm(), residual.CancellationScale, 1e-12 * scale);
        h.Add(g, -1);
        h.Add(r, -1);
        Assert.InRange(h.Norm(), 0, 1e-13 * scale);

        using var doubled = v.Clone();
        doubled.Scale(2);
        gaussNewton.Apply(doubled, h);
        h.Add(g, -2);
        Assert.InRange(h.Norm(), 0, 1e-13 * scale);
        Assert.True(v.Dot(g) >= 0);
    }
}
