using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>J v of one batch, in the best way that the model's operations allow.</content>
public sealed partial class Linearization
{
    // J v of one batch and the outputs there, both without history: from a gradient graph; where an operation has no
    // double backward, by forward mode; where it lacks that too, by central differences.
    private (Tensor Outputs, Tensor Tangent) PushForward(int index, IReadOnlyList<Tensor> directions)
    {
        if (_noDoubleBackward is null)
        {
            try
            {
                if (PushForwardByReverse(index, directions) is { } found)
                {
                    return found;
                }
            }
            catch (DerivativeException exception) when (exception.Kind == DerivativeErrorKind.UnsupportedOperation)
            {
                _noDoubleBackward = exception.Message;
                ReleaseGraphs();
            }
        }

        if (_noForwardMode is null)
        {
            try
            {
                return ForwardMode.Push(Objective, AtPoint, BatchOf(index).Inputs, directions, _noDoubleBackward);
            }
            catch (DerivativeException exception) when (exception.Kind == DerivativeErrorKind.UnsupportedOperation)
            {
                _noForwardMode = exception.Message;
            }
        }

        var v = empty_like(_gradient.Values);
        Layout.Gather([.. directions], v, accumulate: false);
        var tangent = Difference(theta => OutputsAt(index, theta), v, _noForwardMode);
        return (OutputsAt(index, FlatPoint()), tangent);
    }

    private (Tensor Outputs, Tensor Tangent)? PushForwardByReverse(int index, IReadOnlyList<Tensor> directions)
    {
        var graph = GradientGraphOf(index);
        try
        {
            return graph.PushForward(directions, IsKept(index)) is { } tangent
                ? (graph.Outputs.detach(), tangent)
                : null;
        }
        finally
        {
            PutBack(index, graph);
        }
    }

    private Tensor OutputsAt(int index, Tensor theta)
    {
        using var shifted = Objective.PointAt(theta, AtPoint.Buffers);
        return Objective.Forward(shifted, BatchOf(index).Inputs).clone();
    }
}
