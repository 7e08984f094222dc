using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Products with the Jacobian and its transpose.</summary>
public sealed class JacobianProductTests
{
    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    public void Jacobian_products_are_adjoint_and_the_vector_Jacobian_product_gives_the_gradient(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
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
