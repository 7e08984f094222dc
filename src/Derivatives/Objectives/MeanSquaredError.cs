using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>ℓ = (1/K) Σ (z − y)² for outputs and targets [N, K]; ∂²ℓ/∂z² = (2/K) I.</summary>
internal sealed class MeanSquaredError : LossFunction
{
    /// <inheritdoc/>
    public override Loss? BuiltIn => Loss.MeanSquaredError;

    /// <inheritdoc/>
    internal override void Check(Tensor outputs, Tensor targets)
    {
        if (outputs.dim() != 2)
        {
            throw Arguments.Invalid(
                $"the model's output has shape {ShapeOf(outputs)}; this loss needs [samples, outputs]"
            );
        }

        if (!outputs.shape.SequenceEqual(targets.shape))
        {
            throw Arguments.Invalid(
                $"mse needs targets of the outputs' shape {ShapeOf(outputs)}, they have {ShapeOf(targets)}"
            );
        }
    }

    /// <inheritdoc/>
    internal override Tensor Sum(Tensor outputs, Tensor targets) =>
        (outputs - targets).Squared().sum().Over(outputs.shape[1]);

    /// <inheritdoc/>
    internal override Tensor OutputHessianProduct(Tensor outputs, Tensor targets, Tensor u) =>
        u.Times(2.0 / outputs.shape[1]);
}
