using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Targets that do not fit.</summary>
public sealed class TargetRefusalTests
{
    [Fact]
    public void Targets_that_do_not_fit_are_refused_with_what_was_expected()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var targets = TinyModels.Targets();
        var exception = Assert.Throws<DerivativeException>(() =>
            new Objective(model, targets, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Contains("class labels", exception.Message, StringComparison.Ordinal);

        using var wrong = Derivatives.Samples.Classification(
            VectorNumbers.Numbers(1, 12),
            [2, 6],
            [0L, 3],
            ElementType.Float64,
            Device.Cpu
        );
        exception = Assert.Throws<DerivativeException>(() =>
            new Objective(model, wrong, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Equal("a class label is 3, but the model has 3 outputs", exception.Message);

        Assert.Throws<DerivativeException>(() =>
            Derivatives.Samples.Classification(
                VectorNumbers.Numbers(1, 11),
                [2, 6],
                [0L, 1],
                ElementType.Float64,
                Device.Cpu
            )
        );
        Assert.Throws<DerivativeException>(() =>
            Derivatives.Samples.Classification(
                VectorNumbers.Numbers(1, 12),
                [2, 6],
                [0L, -1],
                ElementType.Float64,
                Device.Cpu
            )
        );
        using var samples = TinyModels.Vectors();
        Assert.Throws<DerivativeException>(() =>
            new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 0)
        );
    }
}
