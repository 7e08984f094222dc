using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Outputs and derivatives that are not finite.</summary>
public sealed class FinitenessOutputTests
{
    [Fact]
    public void Outputs_and_gradients_that_are_not_finite_are_traced_to_their_samples()
    {
        using var samples = TinyModels.Vectors();
        using var overflowing = TinyModels.Define(ScalarModel.Scalar("torch.exp(1000 * self.b) * x[:, :3]"));
        ScalarModel.AssertFails(
            overflowing,
            samples,
            [2, 1],
            "the model's outputs for samples 0 to 3 hold NaN or an infinity"
        );

        // √ has the value 0 and no derivative at 0.
        using var rough = TinyModels.Define(ScalarModel.Scalar("self.a * x[:, :3] + torch.sqrt(self.b)"));
        ScalarModel.AssertFails(
            rough,
            samples,
            [2, 0],
            "the gradient of the loss of samples 0 to 3 is not finite, first in b[0]"
        );
    }

    [Fact]
    public void A_second_derivative_that_is_not_finite_is_traced_to_its_samples_and_parameter()
    {
        using var samples = TinyModels.Vectors();
        using var model = TinyModels.Define(
            ScalarModel.Scalar("self.a * x[:, :3] + self.b * torch.sqrt(self.b) * x[:, 3:]")
        );
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.From([2.0, 0], ElementType.Float64, Device.Cpu);
        using var w = theta.ZerosLike();
        DerivativeException? failure = null;
        try
        {
            using var at = new Linearization(objective, theta);
            at.HessianProduct(theta, w);
        }
        catch (DerivativeException exception)
        {
            failure = exception;
        }

        Assert.Equal(DerivativeErrorKind.NonFinite, failure?.Kind);
        Assert.Contains("samples 0 to 3", failure!.Message, StringComparison.Ordinal);
        Assert.Contains(" in b[0]", failure.Message, StringComparison.Ordinal);
    }
}
