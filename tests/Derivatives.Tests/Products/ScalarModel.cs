using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>A model of one number whose failures are named.</summary>
internal static class ScalarModel
{
    /// <summary>Two parameters a and b, six inputs, three outputs.</summary>
    public static ScriptModelSource Scalar(string outputs) =>
        new(
            "scalar",
            $"""
            def forward(self, x: Tensor) -> Tensor:
                return {outputs}
            """,
            [new("a", [1]), new("b", [1])],
            []
        );

    public static void AssertFails(ScriptModel model, Samples samples, double[] theta, string message)
    {
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var point = Vector.From(theta, ElementType.Float64, Device.Cpu);
        var failure = Assert.Throws<DerivativeException>(() => new Linearization(objective, point));
        Assert.Equal(DerivativeErrorKind.NonFinite, failure.Kind);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
