using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Curvature along the gradients of groups, and dot products by layer.</summary>
public class GroupRayleighTests
{
    [Fact]
    public void A_zero_gradient_has_no_curvature_along_it()
    {
        using var model = ScriptModel.Define(
            new("constant", "def forward(self, x: Tensor) -> Tensor:\n    return x * self.w\n", [new("w", [1])], []),
            ElementType.Float64,
            Device.Cpu
        );
        using var samples = Samples.Regression(
            new double[2],
            [2, 1],
            new double[2],
            1,
            ElementType.Float64,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 2);
        using var theta = Vector.From([1], ElementType.Float64, Device.Cpu);
        using var at = new Linearization(objective, theta);
        double[] quotients = new double[2];
        at.GroupRayleighQuotients(GroupProduct.Hessian, SampleGroups.InOrder(2, 1), quotients);
        Assert.All(quotients, quotient => Assert.True(double.IsNaN(quotient)));
    }

    [Fact]
    public void Segment_dots_are_the_layers_shares_of_the_dot_product()
    {
        using var a = Vector.From([1, 2, 3, 4, 5], ElementType.Float32, Device.Cpu);
        using var b = Vector.From([1, -1, 2, 0, 1], ElementType.Float32, Device.Cpu);
        double[] dots = new double[3];
        a.SegmentDots(b, [2, 2, 5], dots);
        Assert.Equal([-1.0, 0, 11], dots);
        Assert.Throws<DerivativeException>(() => a.SegmentDots(b, [6], new double[1]));
        Assert.Throws<DerivativeException>(() => a.SegmentDots(b, [3, 2], new double[2]));
    }
}
