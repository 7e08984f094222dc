using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>
/// ℓ = −log softmax(z)_y for outputs [N, K] and labels [N], or its mean over T positions for [N, K, T] and [N, T].
/// </summary>
internal sealed class CrossEntropy : LossFunction
{
    private const string Needed =
        "[samples, classes, positions], as PyTorch's cross_entropy takes them";

    /// <inheritdoc/>
    public override Loss? BuiltIn => Loss.CrossEntropy;

    /// <inheritdoc/>
    internal override bool ClassifiesSamples => true;

    /// <inheritdoc/>
    internal override void Check(Tensor outputs, Tensor targets)
    {
        if (targets.dtype != ScalarType.Int64)
        {
            throw Arguments.Invalid(
                $"cross_entropy needs int64 class labels [samples], the targets have shape {ShapeOf(targets)}"
            );
        }

        if (targets.dim() == 2)
        {
            if (outputs.dim() != 3 || outputs.shape[2] != targets.shape[1])
            {
                throw Arguments.Invalid(
                    $"the model's output has shape {ShapeOf(outputs)}; class labels {ShapeOf(targets)} need {Needed}"
                );
            }
        }
        else if (outputs.dim() != 2)
        {
            throw Arguments.Invalid(
                $"the model's output has shape {ShapeOf(outputs)}; this loss needs [samples, outputs]"
            );
        }

        long largest = targets.max().item<long>();
        if (largest >= outputs.shape[1])
        {
            throw Arguments.Invalid(
                $"a class label is {largest}, but the model has {outputs.shape[1]} outputs"
            );
        }
    }

    /// <inheritdoc/>
    internal override Tensor Sum(Tensor outputs, Tensor targets)
    {
        var sum = nn.functional.nll_loss(outputs.log_softmax(1), targets, reduction: nn.Reduction.Sum);
        return outputs.dim() == 2 ? sum : sum.Over(Positions(outputs));
    }

    /// <inheritdoc/>
    internal override Tensor OutputHessianProduct(Tensor outputs, Tensor targets, Tensor u)
    {
        var p = outputs.softmax(1);
        var pu = p * u;
        var product = pu - (p * pu.sum(1, keepdim: true));
        return outputs.dim() == 2 ? product : product.Over(Positions(outputs));
    }

    /// <inheritdoc/>
    internal override long CountCorrect(Tensor outputs, Tensor targets) =>
        outputs.argmax(1).eq(targets).sum().item<long>();

    // T, over which a sample's loss is a mean.
    private static double Positions(Tensor outputs) => outputs.shape[2];
}
