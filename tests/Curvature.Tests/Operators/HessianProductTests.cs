using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>Hessian products against gradients.</summary>
public class HessianProductTests
{
    [Theory]
    [InlineData("mlp_tanh_49_16_10")]
    [InlineData("mlp_mse_49_20_3")]
    [InlineData("softmax_49_10")]
    public void The_hessian_product_is_the_derivative_of_the_gradient(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var hessian = new HessianOperator(reference.Linearization);
        using var v = Vectors.Random(reference.Theta.Length, 4);
        using var product = v.ZerosLike();
        hessian.Apply(v, product);

        const double step = 1e-4;
        using var theta = reference.Theta.Clone();
        using var ahead = v.ZerosLike();
        using var behind = v.ZerosLike();
        theta.Add(v, step);
        reference.Objective.Gradient(theta, ahead);
        theta.Add(v, -2 * step);
        reference.Objective.Gradient(theta, behind);
        ahead.Add(behind, -1);
        ahead.Scale(1 / (2 * step));
        ahead.Add(product, -1);
        Assert.InRange(ahead.Norm(), 0, 1e-7 * product.Norm());
    }

    [Fact]
    public void Hessian_and_gauss_newton_are_the_same_for_a_linear_model()
    {
        using var reference = new ReferenceCase("softmax_49_10", ElementType.Float64);
        using var v = Vectors.Random(reference.Theta.Length, 6);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        new HessianOperator(reference.Linearization).Apply(v, h);
        new GaussNewtonOperator(reference.Linearization).Apply(v, g);
        var scale = h.Norm();
        h.Add(g, -1);
        Assert.InRange(h.Norm(), 0, 1e-14 * scale);
    }
}
