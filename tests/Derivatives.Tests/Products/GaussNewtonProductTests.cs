using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Products with the Gauss-Newton matrix.</summary>
public sealed class GaussNewtonProductTests
{
    [Fact]
    public void The_Gauss_Newton_product_is_the_output_Hessian_between_Jacobians()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Targets();
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var jv = Vector.Zeros(at.OutputCount, ElementType.Float64, Device.Cpu);
        using var expected = v.ZerosLike();
        using var w = v.ZerosLike();
        at.JacobianProduct(v, jv);
        jv.Scale(2.0 / TinyModels.Classes / TinyModels.Samples);
        at.VectorJacobianProduct(jv, expected);
        at.GaussNewtonProduct(v, w);
        Differences.AssertClose(expected.ToArray(), w, 1e-13);
    }

    [Fact]
    public void Gauss_Newton_equals_the_Hessian_where_the_model_is_linear()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "softmax",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(x, self.w, self.b)\n",
                [new("w", [3, 6]), new("b", [3])],
                []
            )
        );
        using var samples = TinyModels.Vectors();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        at.HessianProduct(v, h);
        at.GaussNewtonProduct(v, g);
        Differences.AssertClose(h.ToArray(), g, 1e-13);
    }
}
