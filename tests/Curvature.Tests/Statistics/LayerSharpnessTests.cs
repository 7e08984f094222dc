using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Torch;

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
        var measured = new CurvatureStatistics(reference.Linearization, TimeProvider.System).LayerSharpness(
            kind,
            options
        );
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
        var measured = new CurvatureStatistics(reference.Linearization, TimeProvider.System).LayerSharpness(
            OperatorKind.Hessian,
            new ExtremalOptions { Tolerance = 1e-12, MaximumSteps = 4 }
        );
        Assert.False(measured.Converged);
    }

    [Fact]
    public void A_block_is_rows_and_columns_of_the_whole()
    {
        double[,] matrix =
        {
            { 1, 2, 3 },
            { 2, 5, 7 },
            { 3, 7, -4 },
        };
        using var dense = new DenseOperator(matrix, ElementType.Float64, Device.Cpu);
        using var block = new BlockOperator(dense, "two", 1, 2);
        using var v = Vector.From([10.0, 1], ElementType.Float64, Device.Cpu);
        using var w = v.ZerosLike();
        block.Apply(v, w);
        Assert.Equal([57.0, 66], w.ToArray());
        Assert.Equal(2, block.Dimension);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockOperator(dense, "beyond", 1, 3));
    }
}
