using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>
/// Losses that compare each output with the target at its place; a sample's is the mean over its outputs.
/// </summary>
/// <param name="loss">The options.</param>
/// <param name="weights">What each place's loss is multiplied with; null for 1.</param>
/// <param name="positive">Binary cross-entropy's weight of targets that are 1; null for 1.</param>
internal sealed class ElementLoss(LossDescription loss, LossWeights? weights, LossWeights? positive) : LossFunction
{
    /// <inheritdoc/>
    internal override object Key => loss;

    /// <inheritdoc/>
    internal override void Check(Tensor outputs, Tensor targets)
    {
        if (!targets.is_floating_point() || !outputs.shape.Skip(1).SequenceEqual(targets.shape.Skip(1)))
        {
            throw Arguments.Invalid(
                $"{loss.Kind.Label()} needs numbers as targets, of the outputs' shape {ShapeOf(outputs)}; they have "
                    + ShapeOf(targets)
            );
        }

        foreach (var given in new[] { weights, positive }.OfType<LossWeights>())
        {
            // From the right, each extent is the sample's or 1.
            int surplus = given.Shape.Count - (outputs.shape.Length - 1);
            var pairs = given.Shape.Reverse().Zip(outputs.shape.Reverse());
            if (surplus > 0 || pairs.Any(pair => pair.First != 1 && pair.First != pair.Second))
            {
                throw Arguments.Invalid(
                    $"the loss's weights have shape [{string.Join(", ", given.Shape)}], a sample's outputs "
                        + $"[{string.Join(", ", outputs.shape[1..])}]"
                );
            }
        }
    }

    /// <inheritdoc/>
    internal override Tensor Sum(Tensor outputs, Tensor targets) =>
        Weighted(Each(outputs, targets)).sum().Over(PerSample(outputs));

    /// <inheritdoc/>
    internal override Tensor OutputHessianProduct(Tensor outputs, Tensor targets, Tensor u) =>
        Weighted(SecondDerivative(outputs, targets) * u).Over(PerSample(outputs));

    private static double PerSample(Tensor outputs) => (double)outputs.NumberOfElements / outputs.shape[0];

    private Tensor Weighted(Tensor each) => weights is null ? each : each * weights.Like(each);

    private Tensor Each(Tensor z, Tensor y)
    {
        var distance = z - y;
        switch (loss.Kind)
        {
            case Loss.MeanSquaredError:
                return distance.Squared();
            case Loss.BinaryCrossEntropy:
                var hit = y * nn.functional.logsigmoid(z);
                return (positive is null ? hit : hit * positive.Like(z)).neg()
                    - ((ones_like(y) - y) * nn.functional.logsigmoid(z.neg()));
            case Loss.Poisson:
                var mean = loss.LogInput ? z.exp() - (y * z) : z - (y * z.Raised(loss.Epsilon).log());
                return loss.Full ? mean.Plus(Stirling(y)) : mean;
            default:
                if (!IsBent)
                {
                    return distance.abs();
                }

                var inner = distance.abs().AtMost(loss.Threshold);
                var value = inner.Squared().Times(0.5).Plus((distance.abs() - inner).Times(loss.Threshold));
                return loss.Kind == Loss.Huber ? value : value.Over(loss.Threshold);
        }
    }

    private Tensor SecondDerivative(Tensor z, Tensor y)
    {
        switch (loss.Kind)
        {
            case Loss.MeanSquaredError:
                return ones_like(z).Times(2);
            case Loss.BinaryCrossEntropy:
                var slope = z.sigmoid() * z.neg().sigmoid();
                var mass = positive is null ? ones_like(y) : (y * positive.Like(z)).Plus(ones_like(y) - y);
                return mass * slope;
            case Loss.Poisson:
                return loss.LogInput ? z.exp() : y / z.Raised(loss.Epsilon).Squared();
            default:
                if (!IsBent)
                {
                    return zeros_like(z);
                }

                var inside = (z - y).abs().Exceeds(loss.Threshold).logical_not().to(z.dtype);
                return loss.Kind == Loss.Huber ? inside : inside.Over(loss.Threshold);
        }
    }

    // A smooth L1 whose squares have no room is L1.
    private bool IsBent =>
        loss.Kind == Loss.Huber || (loss.Kind == Loss.SmoothAbsoluteError && loss.Threshold > 0);

    // PyTorch adds it where y > 1.
    private static Tensor Stirling(Tensor y)
    {
        var counted = y.Masked(y.Exceeds(1).logical_not(), 1);
        var term = ((y * counted.log()) - y).Plus(counted.Times(2 * Math.PI).log().Times(0.5));
        return term.Masked(y.Exceeds(1).logical_not(), 0);
    }
}
