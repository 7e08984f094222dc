using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>A loss that a program brings along; its output Hessian by double backward.</summary>
/// <param name="sum">Σ ℓᵢ(zᵢ, yᵢ), where no sample's loss depends on another's.</param>
/// <param name="classifies">Whether the largest output is a guess of the class.</param>
internal sealed class OtherLoss(Func<Tensor, Tensor, Tensor> sum, bool classifies) : LossFunction
{
    /// <inheritdoc/>
    internal override bool ClassifiesSamples => classifies;

    /// <inheritdoc/>
    internal override void Check(Tensor outputs, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var own = targets.narrow(0, 0, outputs.shape[0]);
        var value = sum(outputs, own);
        if (value.NumberOfElements != 1)
        {
            throw Arguments.Invalid(
                $"the loss has shape {ShapeOf(value)}; it must be one number, the mean over the batch's samples"
            );
        }

        // Seen twice, the same samples count twice in a sum, and four times where a sum was taken for a mean.
        double once = value.to(ScalarType.Float64).item<double>();
        double twice = sum(cat([outputs, outputs]), cat([own, own])).to(ScalarType.Float64).item<double>();
        if (Math.Abs(twice - (2 * once)) > 1e-3 * Math.Abs(twice))
        {
            throw Arguments.Invalid(
                "the loss is no mean over the batch's samples: the same samples seen twice must leave it as it is"
            );
        }
    }

    /// <inheritdoc/>
    internal override Tensor Sum(Tensor outputs, Tensor targets) => sum(outputs, targets);

    /// <inheritdoc/>
    internal override long CountCorrect(Tensor outputs, Tensor targets) =>
        classifies ? outputs.argmax(1).eq(targets).sum().item<long>() : 0;
}
