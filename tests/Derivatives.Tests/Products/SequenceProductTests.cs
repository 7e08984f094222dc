using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Products over sequences.</summary>
public sealed class SequenceProductTests
{
    [Fact]
    public void Hessian_products_agree_with_central_differences_of_gradients()
    {
        using var model = TinyModels.Define(TokenModels.Tagger);
        using var samples = TokenModels.Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Differences.AssertGradient(objective, theta, gradient, 1e-8);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        at.HessianProduct(v, w);
        Differences.AssertClose(Differences.HessianProduct(objective, theta, v), w, 1e-7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Gauss_Newton_equals_the_Hessian_where_the_outputs_are_the_parameters(long budget)
    {
        using var model = TinyModels.Define(TokenModels.Bigram);
        using var samples = TokenModels.Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta, new LinearizationOptions { RetainBytes = budget });
        using var v = TinyModels.Random(at, 1);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        at.HessianProduct(v, h);
        at.GaussNewtonProduct(v, g);
        Differences.AssertClose(h.ToArray(), g, 1e-13);
    }

    [Fact]
    public void Jacobian_products_are_adjoint()
    {
        using var model = TinyModels.Define(TokenModels.Tagger);
        using var samples = TokenModels.Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var u = Vector.Zeros(at.OutputCount, ElementType.Float64, Device.Cpu);
        u.FillNormal(2);
        using var jv = u.ZerosLike();
        using var jtu = v.ZerosLike();
        at.JacobianProduct(v, jv);
        at.VectorJacobianProduct(u, jtu);
        Assert.Equal(u.Dot(jv), v.Dot(jtu), 1e-11 * Math.Abs(u.Dot(jv)));
    }
}
