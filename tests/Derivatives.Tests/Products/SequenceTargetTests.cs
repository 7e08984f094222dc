using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Targets of positions.</summary>
public sealed class SequenceTargetTests
{
    [Fact]
    public void Tokens_may_have_numbers_as_targets()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "sum",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.sum(torch.embedding(self.table, x), 1)\n",
                [new("table", [TokenModels.Tokens, 2])],
                []
            )
        );
        using var samples = Samples.Regression(
            TokenModels.Inputs(),
            [TinyModels.Samples, TokenModels.Positions],
            VectorNumbers.Numbers(3, TinyModels.Samples * 2),
            2,
            ElementType.Float64,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Differences.AssertGradient(objective, theta, gradient, 1e-8);
    }

    [Fact]
    public void Labels_of_positions_need_outputs_as_cross_entropy_takes_them()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "transposed",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.embedding(self.table, x)\n",
                [new("table", [TokenModels.Tokens, 2])],
                []
            )
        );
        using var samples = TokenModels.Sequences();
        var refused = Assert.Throws<DerivativeException>(() =>
            new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Contains("[samples, classes, positions]", refused.Message, StringComparison.Ordinal);
        Assert.Throws<DerivativeException>(() =>
            Samples.Classification(
                TokenModels.Inputs(),
                [TinyModels.Samples, TokenModels.Positions],
                TokenModels.Labels(),
                ElementType.Float64,
                Device.Cpu
            )
        );
        Assert.Throws<DerivativeException>(() =>
            Samples.Classification(
                TokenModels.Inputs(),
                [TinyModels.Samples, TokenModels.Positions],
                TokenModels.Labels(),
                ElementType.Float64,
                Device.Cpu,
                -1
            )
        );
    }
}
