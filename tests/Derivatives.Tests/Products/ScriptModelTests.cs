using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

public sealed class ScriptModelTests
{
    [Fact]
    public void Parameters_and_buffers_lie_in_the_order_of_the_definition()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        Assert.Equal(
            ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias"],
            model.Parameters.Select(p => p.Name)
        );
        Assert.Equal([0L, 18, 20, 22, 24, 48], model.Parameters.Select(p => p.Offset));
        Assert.Equal([2L, 1, 3, 3], model.Parameters[0].Shape);
        Assert.Equal(51, model.ParameterCount);
        Assert.Equal(["bn.running_mean", "bn.running_var"], model.Buffers.Select(b => b.Name));
        Assert.Equal(4, model.BufferCount);
    }

    [Fact]
    public void A_weight_used_by_two_layers_gets_both_layers_gradients()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "twice",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(torch.tanh(torch.linear(x, self.w)), "
                    + "self.w)\n",
                [new("w", [6, 6])],
                []
            )
        );
        using var samples = Derivatives.Samples.Classification(
            VectorNumbers.Numbers(3, 60),
            [10, 6],
            TinyModels.Labels(),
            ElementType.Float64,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 10);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Differences.AssertGradient(objective, theta, gradient, 1e-8);
    }
}
