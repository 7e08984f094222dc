using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>
/// A loss as a sum over samples of ℓᵢ(zᵢ, yᵢ), whose mean over the probe set is L. Where L is divided by something else
/// than the number of samples, such as by the weights of all targets, ℓᵢ is the sample's share of L times N.
/// </summary>
public abstract class LossFunction
{
    private protected LossFunction() { }

    /// <summary>The loss's name; null for one of a program's own, and for one with options.</summary>
    public virtual Loss? BuiltIn => null;

    /// <summary>Whether a sample's largest output is a guess of its class, so that accuracy has a meaning.</summary>
    internal virtual bool ClassifiesSamples => false;

    /// <summary>Whether a batch's loss is no mean of its samples' own.</summary>
    internal virtual bool CouplesSamples => false;

    /// <summary>What is known of derivatives with one loss holds with every other of the same key.</summary>
    internal virtual object Key => BuiltIn is { } builtIn ? (object)builtIn : this;

    /// <summary>The function of a loss's name.</summary>
    /// <exception cref="DerivativeException">There is no such loss.</exception>
    public static LossFunction Of(Loss loss) => Of(new LossDescription(loss), _ => null, string.Empty);

    /// <summary>The function of a loss with its options.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="tensors">Finds a tensor of weights by its name; null where there is none.</param>
    /// <param name="folder">Where its file lies.</param>
    /// <exception cref="DerivativeException">It cannot be used.</exception>
    public static LossFunction Of(LossDescription loss, Func<string, LossWeights?> tensors, string folder)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(tensors);
        if (loss.IsPlain)
        {
            return loss.Kind == Loss.CrossEntropy ? new CrossEntropy() : new MeanSquaredError();
        }

        var weights = loss.Weight is { } list ? new LossWeights([list.Count], [.. list]) : Find(loss.WeightTensor);
        return loss.Kind switch
        {
            Loss.CrossEntropy or Loss.NegativeLogLikelihood => new ClassLoss(loss, weights),
            Loss.MeanSquaredError
            or Loss.BinaryCrossEntropy
            or Loss.AbsoluteError
            or Loss.SmoothAbsoluteError
            or Loss.Huber
            or Loss.Poisson => new ElementLoss(loss, weights, Find(loss.PositiveWeightTensor)),
            Loss.Script => ScriptLoss.Load(Path.Combine(folder, loss.File ?? string.Empty), loss.Couples),
            _ => throw Arguments.Invalid($"loss {loss.Kind} is unknown"),
        };

        LossWeights? Find(string? name) =>
            name is null
                ? null
                : tensors(name)
                    ?? throw Arguments.Invalid($"the loss's weights '{name}' are not in the probe set's file");
    }

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

    /// <summary>The function with what it needs to know of all targets.</summary>
    /// <param name="targets">Of every sample.</param>
    /// <exception cref="DerivativeException">No target counts.</exception>
    internal virtual LossFunction For(Tensor targets) => this;

    /// <summary>Refuses outputs and targets that do not fit each other.</summary>
    /// <param name="outputs">z of the first samples.</param>
    /// <param name="targets">The targets of those samples; where they are labels, of all.</param>
    /// <exception cref="DerivativeException">They do not.</exception>
    internal abstract void Check(Tensor outputs, Tensor targets);

    /// <summary>Σ ℓᵢ.</summary>
    internal abstract Tensor Sum(Tensor outputs, Tensor targets);

    /// <summary>(∂²ℓᵢ/∂z²) uᵢ for every sample: by double backward, where there is no closed form.</summary>
    internal virtual Tensor OutputHessianProduct(Tensor outputs, Tensor targets, Tensor u)
    {
        using var mode = enable_grad();
        var z = outputs.detach().requires_grad_();
        var loss = Sum(z, targets);
        var first = SafeGradients.Of([loss], [z], [ones_like(loss)], keep: true, create: true)[0];
        if (first is null || !first.requires_grad)
        {
            return zeros_like(u);
        }

        return SafeGradients.Of([first], [z], [u])[0] ?? zeros_like(u);
    }

    /// <summary>How many guesses are right.</summary>
    internal virtual long CountCorrect(Tensor outputs, Tensor targets) => 0;

    /// <summary>How many guesses count.</summary>
    internal virtual long CountGuesses(Tensor targets) => targets.NumberOfElements;

    /// <summary>A shape as libtorch writes it: <c>[2, 3]</c>.</summary>
    private protected static string ShapeOf(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
