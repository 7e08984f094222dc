using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

public sealed class LinearizationTests
{
    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    public void Hessian_products_agree_with_central_differences_of_gradients(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        at.HessianProduct(v, w);
        Differences.AssertClose(Differences.HessianProduct(objective, theta, v), w, 1e-7);
    }
}
