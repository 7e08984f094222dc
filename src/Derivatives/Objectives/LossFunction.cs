using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>A loss as a sum over samples of ℓᵢ(zᵢ, yᵢ), each a mean over the sample's outputs.</summary>
public abstract class LossFunction
{
    private protected LossFunction() { }

    /// <summary>The loss's name; null for one of a program's own.</summary>
    public virtual Loss? BuiltIn => null;

    /// <summary>Whether a sample's largest output is a guess of its class, so that accuracy has a meaning.</summary>
    internal virtual bool ClassifiesSamples => false;

    /// <summary>The function of a loss's name.</summary>
    /// <exception cref="DerivativeException">There is no such loss.</exception>
    public static LossFunction Of(Loss loss) =>
        loss switch
        {
            Loss.CrossEntropy => new CrossEntropy(),
            Loss.MeanSquaredError => new MeanSquaredError(),
            _ => throw Arguments.Invalid($"loss {loss} is unknown"),
        };

    /// <summary>A loss of a program's own, as it trains with it.</summary>
    /// <param name="mean">The mean over a batch's samples of ℓ(zᵢ, yᵢ), of outputs and targets; no sample's loss may
    /// depend on another sample. It is called on threads of the monitor.</param>
    /// <param name="classifies">Whether the largest output is a guess of the class, so that accuracy has a
    /// meaning.</param>
    public static LossFunction Mean(Func<Tensor, Tensor, Tensor> mean, bool classifies = false)
    {
        ArgumentNullException.ThrowIfNull(mean);
        return new OtherLoss(
            (outputs, targets) => FreedNumbers.Survive(() => mean(outputs, targets)).Times(outputs.shape[0]),
            classifies
        );
    }

    /// <summary>The function of a loss's name.</summary>
    public static implicit operator LossFunction(Loss loss) => Of(loss);

    /// <summary>Refuses outputs and targets that do not fit each other.</summary>
    /// <param name="outputs">z of the first samples.</param>
    /// <param name="targets">The targets of those samples; where they are labels, of all.</param>
    /// <exception cref="DerivativeException">They do not.</exception>
    internal abstract void Check(Tensor outputs, Tensor targets);

    /// <summary>Σ ℓᵢ.</summary>
    internal abstract Tensor Sum(Tensor outputs, Tensor targets);

    /// <summary>(∂²ℓᵢ/∂z²) uᵢ for every sample.</summary>
    internal abstract Tensor OutputHessianProduct(Tensor outputs, Tensor targets, Tensor u);

    /// <summary>How many guesses are right.</summary>
    internal virtual long CountCorrect(Tensor outputs, Tensor targets) => 0;

    /// <summary>A shape as libtorch writes it: <c>[2, 3]</c>.</summary>
    private protected static string ShapeOf(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
