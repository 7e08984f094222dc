using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Directions that are not finite, and models that are random.</summary>
public sealed class FinitenessDirectionTests
{
    [Fact]
    public void A_direction_that_is_not_finite_is_named()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        double[] direction = VectorNumbers.Numbers(6, (int)model.ParameterCount);
        direction[1] = double.NaN;
        using var v = Vector.From(direction, ElementType.Float64, Device.Cpu);
        using var w = v.ZerosLike();
        var failure = Assert.Throws<DerivativeException>(() => at.HessianProduct(v, w));
        Assert.Equal(DerivativeErrorKind.NonFinite, failure.Kind);
        Assert.Contains(
            "the vector of a curvature product is NaN or infinite, first at fc1.weight[1]",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_that_is_random_at_this_point_alone_is_refused_there()
    {
        using var samples = TinyModels.Vectors();
        using var model = TinyModels.Define(
            ScalarModel.Scalar("self.a * x[:, :3] + torch.relu(self.b) * torch.rand_like(x[:, 3:])")
        );
        using var calm = Vector.From([2.0, -1], ElementType.Float64, Device.Cpu);
        model.SetParameters(calm);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        new Linearization(objective, calm).Dispose();
        using var live = Vector.From([2.0, 1], ElementType.Float64, Device.Cpu);
        var refused = Assert.Throws<DerivativeException>(() => new Linearization(objective, live));
        Assert.Equal(DerivativeErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains("two forward passes of the same samples differ", refused.Message, StringComparison.Ordinal);
    }
}
