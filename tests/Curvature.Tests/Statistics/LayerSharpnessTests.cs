using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

public sealed class LayerSharpnessTests
{
    [Theory]
    [InlineData("mlp_tanh_49_16_10", OperatorKind.Hessian)]
    [InlineData("mlp_mse_49_20_3", OperatorKind.GaussNewton)]
    [InlineData("softmax_49_10", OperatorKind.Hessian)]
    public void Every_layer_has_the_largest_eigenvalue_of_its_dense_block(string name, OperatorKind kind)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var options = new ExtremalOptions { Tolerance = 1e-10, MaximumSteps = 1000 };
        var measured = reference.Statistics.LayerSharpness(kind, options);
        var expected = reference.BlockSharpness(kind);
        Assert.True(measured.Converged);
        Assert.Equal(expected.Count, measured.Layers.Count);
        Assert.All(measured.Layers, layer =>
            Assert.Equal(expected[layer.Layer], layer.Estimate.Value, 1e-8 * expected.Values.Max())
        );
        Assert.All(measured.Layers, layer =>
            Assert.InRange(
                layer.Estimate.Value,
                double.MinValue,
                reference.Number(kind, "lambda_max")!.Value * (1 + 1e-9)
            )
        );
        Assert.True(measured.Cost.CurvatureProducts >= measured.Layers.Count);
    }

    [Fact]
    public void A_search_that_was_cut_short_says_so()
    {
        using var reference = new ReferenceCase("mlp_tanh_49_16_10", ElementType.Float64);
        var measured = reference.Statistics.LayerSharpness(
            OperatorKind.Hessian,
            new ExtremalOptions { Tolerance = 1e-12, MaximumSteps = 4 }
        );
        Assert.False(measured.Converged);
    }
}
