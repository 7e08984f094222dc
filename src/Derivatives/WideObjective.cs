using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>A function of an objective's first samples in float64, whatever its own element type.</summary>
/// <param name="objective">The objective; its model takes any parameters.</param>
/// <param name="function">The function.</param>
/// <param name="buffers">Its buffers in float64.</param>
/// <param name="samples">How many samples at most.</param>
internal sealed class WideObjective(Objective objective, CheckedFunction function, Tensor[] buffers, long samples)
{
    private readonly Batch _batch = Widened(objective.Slice(0, Math.Min(samples, objective.MicroBatch)));

    /// <summary>∇f(θ) [P], in the caller's scope.</summary>
    internal Tensor Gradient(Tensor theta)
    {
        using var scope = NewDisposeScope();
        using var point = objective.PointAt(theta, buffers);
        using var outputs = function.Outputs(point, _batch.Inputs);
        Tensor value;
        using (enable_grad())
        {
            value = function.Scalar(outputs, _batch);
        }

        var sum = zeros_like(theta);
        var parts = SafeGradients.Of([value], point.Leaves, [ones_like(value)]);
        objective.ParameterLayout.Gather(parts, sum, accumulate: true);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>H(θ) v [P], in the caller's scope.</summary>
    internal Tensor HessianProduct(Tensor theta, Tensor v)
    {
        using var scope = NewDisposeScope();
        using var point = objective.PointAt(theta, buffers);
        using var graph = function.GraphAt(point, _batch);
        var sum = zeros_like(theta);
        var layout = objective.ParameterLayout;
        graph.AddHessianProduct(layout, point.Leaves, layout.Split(v), keep: false, sum);
        return sum.MoveToOuterDisposeScope();
    }

    private static Batch Widened(Batch batch) => new([.. batch.Inputs.Select(Widened)], Widened(batch.Targets));

    private static Tensor Widened(Tensor tensor) => tensor.is_floating_point() ? tensor.to(ScalarType.Float64) : tensor;
}
