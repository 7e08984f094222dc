using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>J v of one batch, in the best way that the model's operations allow.</content>
public sealed partial class Linearization
{
    // Of the way through the program at the point; null before it is asked for, and where it is not looked at.
    private DerivativeChecks? _checks;
    private bool _isUnchecked;

    // Graphs that no later product finds again cost more than a forward pass that carries tangents.
    private bool BuildsGraphsInVain => _retainLimit == 0 || _rebuilt;

    private bool HasReverseTangent => _noDoubleBackward is null && _noReverseTangent is null;

    // Before a product: which ways to J v there are.
    private void CheckTangents()
    {
        if (HasReverseTangent)
        {
            _noReverseTangent = Looked(checks => checks.TangentFault);
        }

        if (_noForwardMode is null && (BuildsGraphsInVain || !HasReverseTangent))
        {
            _noForwardMode = Looked(checks => checks.ForwardModeFault) is { } fault ? WhyNoTangent(fault) : null;
        }
    }

    // Where forward mode is no way at all, what is wrong with the other way says more.
    private string WhyNoTangent(string forwardMode) =>
        forwardMode == ForwardMode.NotAvailable ? _noReverseTangent ?? _noDoubleBackward ?? forwardMode : forwardMode;

    // What a check finds, in the memory that a product may take; null too where that does not suffice. What it takes is
    // no product's: equal products report equal peaks, whichever comes first.
    private string? Looked(Func<DerivativeChecks, Func<Objective, Point, string?>> check)
    {
        // What is rounded is measured beside what is not, where derivatives are looked at. A way that is not looked at
        // stays so.
        if (Objective.Rounds || _isUnchecked)
        {
            return null;
        }

        using var memory = Count();
        try
        {
            using var computation = Objective.Begin();
            return Calls.Get(() =>
            {
                _checks ??= Objective.ChecksAt(AtPoint);
                _isUnchecked = _checks is null;
                return _checks is null ? null : check(_checks)(Objective, AtPoint);
            });
        }
        catch (MemoryLimitException)
        {
            return null;
        }
        catch (DerivativeException exception) when (exception.Kind == DerivativeErrorKind.OutOfMemory)
        {
            return null;
        }
    }

    // J v of one batch and the outputs there, both without history: from a gradient graph; where that would not be kept
    // or an operation has no double backward, by forward mode; where it lacks both, by central differences.
    private (Tensor Outputs, Tensor Tangent) PushForward(int index, IReadOnlyList<Tensor> directions)
    {
        bool prefersForwardMode =
            _noForwardMode is null && BuildsGraphsInVain && !IsKept(index) && ForwardMode.IsAvailable(AtPoint);
        if (HasReverseTangent && !prefersForwardMode)
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
                return ForwardMode.Push(Objective, AtPoint, BatchOf(index).Inputs, directions);
            }
            catch (DerivativeException exception) when (exception.Kind == DerivativeErrorKind.UnsupportedOperation)
            {
                _noForwardMode = WhyNoTangent(exception.Message);
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
