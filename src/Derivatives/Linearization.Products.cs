using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Linearizations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Products.</content>
public sealed partial class Linearization
{
    // Found out by the first attempt: libtorch's word on an operation that lacks a derivative.
    private string? _noDoubleBackward;
    private string? _noReverseTangent;
    private string? _noForwardMode;
    private string? _lacking;
    private double _discrepancy;
    private bool _hessianCounted;
    private bool _gaussNewtonCounted;

    /// <summary>
    /// result ← H v, by reverse-over-reverse differentiation. Where an operation has no double backward, central
    /// differences of gradients, as <see cref="Degradation"/> tells.
    /// </summary>
    /// <exception cref="DerivativeException"> A length does not fit; memory does not suffice in any way that
    /// docs/memory.md lists; a number is not finite; or an operation has no double backward and halving the step of the
    /// finite difference disagrees with it. </exception>
    public void HessianProduct(Vector v, Vector result)
    {
        Check(v, result);
        _noDoubleBackward ??= Looked(checks => checks.HessianFault);
        Foresee();
        Measured(!_hessianCounted || BuildsGraphs, () => ComputeHessianProduct(v.Values, result.Values));
        RequireSymmetry(v, result, _hessianCounted, ComputeHessianProduct);
        _hessianCounted = true;
    }

    /// <summary>
    /// result ← G v = (1/N) Σ Jᵢᵀ (∂²ℓᵢ/∂z²) Jᵢ v: J v from the gradient's graph or by forward mode, the output Hessian
    /// in closed form, Jᵀ by one reverse pass.
    /// </summary>
    /// <exception cref="DerivativeException">As <see cref="HessianProduct"/>.</exception>
    public void GaussNewtonProduct(Vector v, Vector result)
    {
        Check(v, result);
        CheckTangents();
        Foresee();
        Measured(!_gaussNewtonCounted || BuildsGraphs, () => ComputeGaussNewtonProduct(v.Values, result.Values));
        RequireSymmetry(v, result, _gaussNewtonCounted, ComputeGaussNewtonProduct);
        _gaussNewtonCounted = true;
    }

    /// <summary>outputs ← J v [N·K], sample by sample.</summary>
    /// <exception cref="DerivativeException">A length does not fit, memory is used up, or an operation has no forward
    /// derivative.</exception>
    public void JacobianProduct(Vector v, Vector outputs)
    {
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(outputs);
        Arguments.RequireLength(v.Length, ParameterCount, "the vector");
        Arguments.RequireLength(outputs.Length, OutputCount, "the outputs");
        CheckTangents();
        Measured(
            isCounted: true,
            () =>
            {
                var directions = Layout.Split(v.Values);
                var rows = outputs.Values.view(SampleCount, -1);
                for (int index = 0; index < MicroBatches; index++)
                {
                    using var scope = NewDisposeScope();
                    var tangent = PushForward(index, directions).Tangent;
                    rows.narrow(0, index * _microBatch, tangent.shape[0]).copy_(tangent.reshape(tangent.shape[0], -1));
                }
            }
        );
    }

    /// <summary>result ← Jᵀ outputs.</summary>
    /// <exception cref="DerivativeException">A length does not fit, memory is used up, or an operation
    /// failed.</exception>
    public void VectorJacobianProduct(Vector outputs, Vector result)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(result);
        Arguments.RequireLength(outputs.Length, OutputCount, "the outputs");
        Arguments.RequireLength(result.Length, ParameterCount, "the result");
        Measured(
            isCounted: true,
            () =>
            {
                var rows = outputs.Values.view(SampleCount, -1);
                result.Values.zero_();
                for (int index = 0; index < MicroBatches; index++)
                {
                    using var scope = NewDisposeScope();
                    long start = index * _microBatch;
                    PullBack(index, rows.narrow(0, start, BatchOf(index).Count), result.Values);
                }
            }
        );
    }

    private void Check(Vector v, Vector result)
    {
        ArgumentNullException.ThrowIfNull(v);
        ArgumentNullException.ThrowIfNull(result);
        Arguments.RequireLength(v.Length, ParameterCount, "the vector");
        Arguments.RequireLength(result.Length, ParameterCount, "the result");
    }

    private void ComputeHessianProduct(Tensor v, Tensor result)
    {
        if (_noDoubleBackward is null)
        {
            try
            {
                AddOverBatches(v, result, AddHessianShare);
                return;
            }
            catch (DerivativeException exception) when (exception.Kind == DerivativeErrorKind.UnsupportedOperation)
            {
                _noDoubleBackward = exception.Message;
            }

            // Graphs that no product can use only take memory.
            ReleaseGraphs();
        }

        result.copy_(Difference(GradientAt, v, _noDoubleBackward));
    }

    private void AddHessianShare(int index, IReadOnlyList<Tensor> directions, Tensor sum)
    {
        var graph = GradientGraphOf(index);
        try
        {
            graph.AddHessianProduct(Layout, AtPoint.Leaves, directions, IsKept(index), sum);
        }
        finally
        {
            PutBack(index, graph);
        }
    }

    private Tensor GradientAt(Tensor theta)
    {
        using var shifted = Objective.PointAt(theta, AtPoint.Buffers);
        var sum = zeros_like(theta);
        for (int index = 0; index < MicroBatches; index++)
        {
            AddGradient(index, shifted, sum);
        }

        return sum;
    }

    private void ComputeGaussNewtonProduct(Tensor v, Tensor result) => AddOverBatches(v, result, AddGaussNewtonShare);

    private void AddGaussNewtonShare(int index, IReadOnlyList<Tensor> directions, Tensor sum)
    {
        var (outputs, tangent) = PushForward(index, directions);
        var curvature = Objective.LossFunction.OutputHessianProduct(outputs, BatchOf(index).Targets, tangent);
        PullBack(index, curvature.Divide(SampleCount), sum);
    }

    // result ← the sum of every batch's share, which must be finite.
    private void AddOverBatches(Tensor v, Tensor result, Action<int, IReadOnlyList<Tensor>, Tensor> addShare)
    {
        var directions = Layout.Split(v);
        result.zero_();
        for (int index = 0; index < MicroBatches; index++)
        {
            using var scope = NewDisposeScope();
            addShare(index, directions, result);
        }

        RequireFinite(v, directions, result, addShare);
    }

    // sum += Jᵀu of one batch.
    private void PullBack(int index, Tensor u, Tensor sum)
    {
        var graph = ForwardGraph(index);
        try
        {
            using var scope = NewDisposeScope();
            var weights = u.view_as(graph.Outputs);
            var parts = graph.Outputs.requires_grad
                ? SafeGradients.Of([graph.Outputs], AtPoint.Leaves, [weights], IsKept(index))
                : new Tensor?[Layout.Slots.Count];
            Layout.Gather(parts, sum, accumulate: true);
        }
        finally
        {
            PutBack(index, graph);
        }
    }

    private Tensor FlatPoint()
    {
        var theta = empty_like(_gradient.Values);
        Layout.Gather(AtPoint.Leaves, theta, accumulate: false);
        return theta;
    }

    // A derivative by central differences, or a failure that names the operation where halving the step disagrees.
    private Tensor Difference(Func<Tensor, Tensor> evaluate, Tensor v, string lacking)
    {
        var found = CentralDifference.Of(evaluate, FlatPoint(), v, ElementType);

        // Written so that NaN is refused too.
        if (!(found.Discrepancy <= CentralDifference.Tolerated(ElementType)))
        {
            throw new DerivativeException(
                DerivativeErrorKind.UnsupportedOperation,
                FormattableString.Invariant(
                    $"{lacking}; finite differences are no way out: halving their step changes the product by "
                )
                    + FormattableString.Invariant($"{100 * found.Discrepancy:G2} %, so the model has kinks or bends ")
                    + "too much there; replace the operation"
            );
        }

        _lacking = lacking;
        _discrepancy = Math.Max(_discrepancy, found.Discrepancy);
        return found.Derivative;
    }

    private void RequireFinite(
        Tensor v,
        IReadOnlyList<Tensor> directions,
        Tensor result,
        Action<int, IReadOnlyList<Tensor>, Tensor> addShare
    )
    {
        if (Finiteness.IsFinite(result))
        {
            return;
        }

        if (!Finiteness.IsFinite(v))
        {
            throw Finiteness.NonFinite(
                $"the vector of a curvature product is NaN or infinite, first at {Finiteness.First(Layout, v)}"
            );
        }

        var share = zeros_like(result);
        for (int index = 0; index < MicroBatches; index++)
        {
            addShare(index, directions, share.zero_());
            if (!Finiteness.IsFinite(share))
            {
                string samples = Finiteness.Describe(index * _microBatch, BatchOf(index).Count);
                throw Finiteness.NonFinite(
                    $"a curvature product is not finite, first for {samples} in {Finiteness.First(Layout, share)}: a "
                        + "second derivative overflows, or divides by zero"
                );
            }
        }

        throw Finiteness.NonFinite(
            $"a curvature product is not finite in {Finiteness.First(Layout, result)}: the sum over micro-batches "
                + "overflows"
        );
    }
}
