using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>z and J v of a batch by libtorch's forward mode.</summary>
internal static class ForwardMode
{
    /// <summary>What is said where no model, or not this one, can be run in this way.</summary>
    internal const string NotAvailable = "forward mode is not implemented for this model";

    /// <summary>Whether a model can be run in this way: it must take any parameters.</summary>
    internal static bool IsAvailable(Point point) => DualLevel.IsAvailable && point.Pass.OwnParameters is null;

    /// <summary>Computes both, without history, in the caller's dispose scope.</summary>
    /// <param name="objective">Its model is run.</param>
    /// <param name="point">At this θ.</param>
    /// <param name="inputs">x.</param>
    /// <param name="directions">v, one part a parameter tensor.</param>
    /// <exception cref="DerivativeException">An operation has no forward derivative.</exception>
    internal static (Tensor Outputs, Tensor Tangent) Push(
        Objective objective,
        Point point,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyList<Tensor> directions
    )
    {
        if (!IsAvailable(point))
        {
            throw new DerivativeException(DerivativeErrorKind.UnsupportedOperation, NotAvailable);
        }

        using var scope = NewDisposeScope();
        using var mode = no_grad();
        try
        {
            using var level = DualLevel.Begin();
            var duals = point.Leaves.Zip(directions, (leaf, v) => DualLevel.Make(leaf.detach(), v)).ToArray();
            var (outputs, tangent) = DualLevel.Unpack(objective.Forward(point with { Leaves = duals }, inputs));
            return (outputs.clone().MoveToOuterDisposeScope(), tangent.clone().MoveToOuterDisposeScope());
        }
        catch (Exception exception) when (exception is not MemoryLimitException)
        {
            throw LibTorchError.Translate(exception);
        }
    }
}
