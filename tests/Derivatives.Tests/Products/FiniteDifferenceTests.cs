using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Products where double backward is missing.</summary>
public sealed class FiniteDifferenceTests
{
    private const int Batch = 4;

    [Fact]
    public void Where_double_backward_is_missing_smooth_models_get_finite_differences_that_say_so()
    {
        using var scene = new Scene(Sampler("torch.tanh(3 * seen)"), BatchNormMode.Eval, Batch, needed: false);
        using var at = scene.Linearize(long.MaxValue);
        Assert.Null(at.Degradation);
        at.HessianProduct(scene.V, scene.W);
        Differences.AssertClose(Differences.HessianProduct(scene.Objective, scene.Theta, scene.V), scene.W, 1e-6);
        Assert.Contains("grid_sampler_2d_backward", at.Degradation!.FiniteDifferences, StringComparison.Ordinal);
        Assert.InRange(at.Degradation.Discrepancy!.Value, 0, 1e-4);
        Assert.Equal(0, at.RetainedMicroBatches);

        at.GaussNewtonProduct(scene.V, scene.W);
        Assert.True(scene.W.Dot(scene.V) > 0);
        using var jv = Vector.Zeros(at.OutputCount, ElementType.Float64, Device.Cpu);
        using var u = jv.ZerosLike();
        u.FillNormal(3);
        using var jtu = scene.W.ZerosLike();
        at.JacobianProduct(scene.V, jv);
        at.VectorJacobianProduct(u, jtu);
        Assert.Equal(jtu.Dot(scene.V), u.Dot(jv), 1e-6 * u.Norm() * jv.Norm());
    }

    [Theory]
    [InlineData("torch.round(40 * seen) / 4 + seen")]
    [InlineData("torch.relu(torch.sin(300 * seen))")]
    public void Where_halving_the_step_disagrees_the_answer_is_a_refusal_that_names_the_operation(string kinks)
    {
        using var scene = new Scene(Sampler(kinks), BatchNormMode.Eval, Batch, needed: false, ElementType.Float32);
        using (var at = scene.Linearize(long.MaxValue))
        {
            for (int attempt = 0; attempt < 2; attempt++)
            {
                var refused = Assert.Throws<DerivativeException>(() => at.HessianProduct(scene.V, scene.W));
                Assert.Equal(DerivativeErrorKind.UnsupportedOperation, refused.Kind);
                Assert.Contains("grid_sampler", refused.Operation, StringComparison.Ordinal);
                Assert.Contains("halving their step changes the product by", refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', refused.Message);
                refused = Assert.Throws<DerivativeException>(() => at.GaussNewtonProduct(scene.V, scene.W));
                Assert.Equal(DerivativeErrorKind.UnsupportedOperation, refused.Kind);
                Assert.Contains("grid_sampler", refused.Operation, StringComparison.Ordinal);
            }
        }

        // The dual level was released and the engine is alive: products work on another model.
        using var other = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Train, Batch);
        Assert.True(other.W.IsFinite());
    }

    /// <summary>
    /// A model that looks at its images where its parameters point to: libtorch 1.13 has neither a forward derivative
    /// nor a double backward for that.
    /// </summary>
    private static ScriptModelSource Sampler(string outputs) =>
        new(
            "sampler",
            $"""
            def forward(self, x: Tensor) -> Tensor:
                grid = torch.reshape(torch.tanh(self.w), [1, 3, 1, 2])
                seen = torch.grid_sampler(x, torch.expand(grid, [x.size(0), 3, 1, 2]), 0, 0, False)
                seen = torch.reshape(seen, [x.size(0), 3])
                return {outputs}
            """,
            [new("w", [6])],
            []
        );
}
