using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// An objective at one θ: products with its Hessian H, its Jacobian J [N·K × P] and its Gauss-Newton matrix G. θ and
/// the buffers are snapshots. Graphs are built by the first product that needs them and retained within a byte budget;
/// disposing frees them. One thread at a time, and not while another thread uses the same objective.
/// </summary>
public sealed partial class Linearization : IDisposable
{
    // The samples of the check that two passes agree.
    private const long ComparedSamples = 32;

    private readonly Vector _gradient;
    private Point? _point;
    private bool _disposed;

    /// <summary>Takes the snapshot and computes loss and gradient there.</summary>
    /// <param name="objective">The objective; it must outlive no one: a reference is held until disposal.</param>
    /// <param name="theta">P parameters; copied.</param>
    /// <param name="options">Memory limits; none when absent.</param>
    /// <exception cref="DerivativeException">θ does not fit, holds a number that is not finite or leads to one; memory
    /// is used up; two forward passes differ; or an operation failed.</exception>
    public Linearization(Objective objective, Vector theta, LinearizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(theta);
        options ??= new LinearizationOptions();
        Arguments.RequireLength(theta.Length, objective.ParameterCount, "theta");
        Objective = objective;
        (_retainLimit, _byteLimit) = (options.RetainBytes, options.LimitBytes);
        _microBatch = objective.MicroBatch;
        _retained = new GradientGraph?[CountBatches()];
        _gradient = theta.ZerosLike();
        objective.Use();
        ObjectCounts.Add(ObjectCounts.Kind.Linearization);
        try
        {
            Measured(isCounted: true, () => Loss = Start(theta.Values));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    /// <summary>L(θ).</summary>
    public double Loss { get; private set; }

    /// <summary>P.</summary>
    public long ParameterCount => Objective.ParameterCount;

    /// <summary>N.</summary>
    public long SampleCount => Objective.SampleCount;

    /// <summary>N · K, the rows of J.</summary>
    public long OutputCount => Objective.SampleCount * Objective.OutputsPerSample;

    /// <summary>The element type of all vectors.</summary>
    public ElementType ElementType => Objective.ElementType;

    /// <summary>Where the work is done.</summary>
    public Device Device => Objective.Device;

    /// <summary>⌈N / b⌉.</summary>
    public int MicroBatches => _retained.Length;

    /// <summary>How many micro-batches keep a graph now.</summary>
    public int RetainedMicroBatches => _retained.Count(graph => graph is not null);

    /// <summary>Bytes in retained graphs.</summary>
    public long RetainedBytes { get; private set; }

    /// <summary>The most bytes in use at any moment so far, beyond those in use before this object.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>How it differs from what was asked for, so far; null where it does not.</summary>
    public Degradation? Degradation
    {
        get
        {
            bool isSplit = _microBatch < Objective.MicroBatch;
            string? fallBack = Objective.Model.FallBackReason;
            return !_rebuilt && !isSplit && _lacking is null && fallBack is null && !_isUnchecked
                ? null
                : new Degradation(
                    _rebuilt,
                    isSplit ? (int)_microBatch : null,
                    _lacking,
                    _lacking is null ? null : _discrepancy
                )
                {
                    FallBack = fallBack,
                    IsUnchecked = _isUnchecked,
                };
        }
    }

    private Point AtPoint => _point ?? throw new ObjectDisposedException(nameof(Linearization));

    private FlatLayout Layout => Objective.ParameterLayout;

    /// <summary>A vector of zeros [P] of the element type and on the device of this objective's.</summary>
    public Vector Zeros() => Vector.Zeros(ParameterCount, ElementType, Device);

    /// <summary>Copies ∇L(θ).</summary>
    public void CopyGradient(Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.CopyFrom(_gradient);
    }

    /// <summary>Frees the retained graphs.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        ReleaseGraphs();
        _point?.Dispose();
        _point = null;
        _gradient.Dispose();
        Objective.Release();
        ObjectCounts.Remove(ObjectCounts.Kind.Linearization);
    }

    private int CountBatches() => Objective.CountBatches(_microBatch, Objective.CouplesSamples);

    private Batch BatchOf(int index) => Objective.BatchAt(index, _microBatch, Objective.CouplesSamples);

    private double Start(Tensor theta)
    {
        _point?.Dispose();
        _point = null;
        _point = Objective.PointAt(theta);
        Finiteness.Require(Objective, _point);
        Objective.RequireDeterminism(_point, Math.Min(_microBatch, ComparedSamples));
        _gradient.Fill(0);
        double loss = 0;
        for (int index = 0; index < MicroBatches; index++)
        {
            loss += AddGradient(index, _point, _gradient.Values);
        }

        return loss;
    }

    // sum += the batch's share of ∇L at a point; returns its share of L.
    private double AddGradient(int index, Point point, Tensor sum)
    {
        using var scope = NewDisposeScope();
        var part = BatchOf(index);
        Tensor outputs,
            share;
        using (enable_grad())
        {
            outputs = Objective.Forward(point, part.Inputs);
            share = Objective.LossFunction.Sum(outputs, part.Targets).Over(SampleCount);
        }

        double value = Objective.ValueOf(share);
        if (!double.IsFinite(value))
        {
            throw Finiteness.Explain(Layout, index * _microBatch, part, outputs, null);
        }

        var gradients = SafeGradients.Of([share], point.Leaves, [ones_like(share)]);
        if (gradients.Any(gradient => gradient is not null && !Finiteness.IsFinite(gradient)))
        {
            throw Finiteness.Explain(Layout, index * _microBatch, part, outputs, gradients);
        }

        Layout.Gather(gradients, sum, accumulate: true);
        return value;
    }
}
