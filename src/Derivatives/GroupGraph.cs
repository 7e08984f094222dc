using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>One group's mean loss L_B at a point, with the graphs that its products share.</summary>
internal sealed class GroupGraph : IDisposable
{
    private readonly Objective _objective;
    private readonly Point _point;
    private readonly Batch _batch;
    private readonly GradientGraph _graph;
    private readonly Tensor _loss;
    private bool _byForwardMode;

    /// <summary>Computes the loss of the chosen samples.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="point">Where.</param>
    /// <param name="chosen">Sample numbers.</param>
    /// <param name="byForwardMode">Whether J v cannot come from the gradient's graph.</param>
    internal GroupGraph(Objective objective, Point point, Tensor chosen, bool byForwardMode)
    {
        (_objective, _point, _byForwardMode) = (objective, point, byForwardMode);
        _batch = objective.Choose(chosen);
        _graph = objective.GraphAt(point, _batch.Inputs);
        using var mode = enable_grad();
        _loss = objective.LossFunction.Sum(_graph.Outputs, _batch.Targets).Over(_batch.Count);
    }

    private FlatLayout Layout => _objective.ParameterLayout;

    /// <summary>flat ← ∇L_B, no graph kept.</summary>
    internal void Gradient(Tensor flat) =>
        Layout.Gather(SafeGradients.Of([_loss], _point.Leaves, [ones_like(_loss)]), flat, accumulate: false);

    /// <summary>flat ← ∇L_B, and the graph that products need.</summary>
    internal void DifferentiableGradient(Tensor flat)
    {
        Linearize();
        Layout.Gather(_graph.Gradients!, flat, accumulate: false);
    }

    /// <summary>result ← A_B v.</summary>
    internal void Product(GroupProduct kind, Tensor v, Tensor result)
    {
        var directions = Layout.Split(v);
        result.zero_();
        if (kind != GroupProduct.GaussNewton)
        {
            Linearize();
            _graph.AddHessianProduct(Layout, _point.Leaves, directions, keep: true, result);
        }

        if (kind == GroupProduct.Residual)
        {
            result.neg_();
        }

        if (kind != GroupProduct.Hessian)
        {
            AddGaussNewton(directions, result);
        }

        if (kind == GroupProduct.Residual)
        {
            result.neg_();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();

    private void Linearize()
    {
        if (_graph.Gradients is null)
        {
            _graph.Differentiate(_loss, _point.Leaves);
        }
    }

    private void AddGaussNewton(Tensor[] directions, Tensor result)
    {
        var tangent = PushForward(directions);
        var u = _objective
            .LossFunction.OutputHessianProduct(_graph.Outputs.detach(), _batch.Targets, tangent)
            .Divide(_batch.Count);
        Layout.Gather(SafeGradients.Of([_graph.Outputs], _point.Leaves, [u], keep: true), result, accumulate: true);
    }

    // J v from the gradient's graph; by forward mode where an operation has no double backward.
    private Tensor PushForward(Tensor[] directions)
    {
        if (!_byForwardMode)
        {
            try
            {
                Linearize();
                return _graph.PushForward(directions, keep: true) ?? zeros_like(_graph.Outputs);
            }
            catch (DerivativeException exception) when (exception.Kind == DerivativeErrorKind.UnsupportedOperation)
            {
                _byForwardMode = true;
            }
        }

        return ForwardMode.Push(_objective, _point, _batch.Inputs, directions).Tangent;
    }
}
