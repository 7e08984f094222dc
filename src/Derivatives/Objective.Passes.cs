using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Forward passes at points, and who still uses the objective.</content>
public sealed partial class Objective
{
    private const int CheckedSamples = 2;

    private bool _isDisposed;
    private int _uses = 1;

    internal Model Model { get; }

    internal Samples Samples { get; }

    internal LossFunction LossFunction { get; private set; }

    internal FlatLayout ParameterLayout { get; }

    internal FlatLayout BufferLayout { get; }

    // Rounding may differ: kernels are switched off and on for the whole process while another model computes.
    private double Repeatable => ElementType == ElementType.Float64 ? 1e-10 : 1e-4;

    private IForwardPass Pass { get; }

    private Tensor[] BufferValues { get; }

    /// <summary>What libtorch is set to while passes run and their graphs are differentiated.</summary>
    /// <param name="samples">Of a pass; a micro-batch's where it is not said.</param>
    internal Computation Begin(long? samples = null) =>
        new(Pass.AvoidsFusedKernels, ParameterCount, samples ?? MicroBatch);

    /// <summary>Another user; each ends with <see cref="Release"/>.</summary>
    internal void Use() => Interlocked.Increment(ref _uses);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _uses) > 0)
        {
            return;
        }

        foreach (var buffer in BufferValues)
        {
            buffer.Dispose();
        }

        _unrounded?.Dispose();
        Pass.Dispose();
        Samples.Release();
        ObjectCounts.Remove(ObjectCounts.Kind.Objective);
    }

    /// <summary>
    /// A snapshot of θ and of the buffers; in mode <see cref="BatchNormMode.Recompute"/> the running statistics are
    /// re-estimated at θ first.
    /// </summary>
    /// <param name="theta">[P].</param>
    /// <param name="buffers">Other buffers than the objective's own; they stay as they are.</param>
    internal Point PointAt(Tensor theta, Tensor[]? buffers = null)
    {
        Arguments.RequireLength(theta.NumberOfElements, ParameterLayout.Total, "theta");
        bool takesAny = Pass.OwnParameters is null;
        var pass = takesAny ? Pass : CreatePass();
        Tensor[] leaves,
            copies;
        using (NewDisposeScope())
        using (no_grad())
        {
            leaves = takesAny ? LeavesOf(theta.clone()) : Loaded(pass.OwnParameters!, theta);
            copies = [.. (buffers ?? BufferValues).Select(buffer => buffer.clone().DetachFromDisposeScope())];
        }

        var point = new Point(pass, leaves, copies, OwnsPass: !takesAny);
        if (BatchNorm == BatchNormMode.Recompute && buffers is null)
        {
            ReestimateStatistics(point);
        }

        return point;
    }

    /// <summary>The forward pass of a measurement at a point, in this objective's batch-norm mode.</summary>
    internal Tensor Forward(Point point, IReadOnlyList<Tensor> inputs) =>
        Run(point, inputs, BatchNorm == BatchNormMode.Train ? BatchNormUse.Batch : BatchNormUse.Stored);

    /// <summary>The outputs of a forward pass at a point, with history, which no dispose scope holds.</summary>
    internal Tensor OutputsAt(Point point, IReadOnlyList<Tensor> inputs)
    {
        using var mode = enable_grad();
        return Forward(point, inputs).DetachFromDisposeScope();
    }

    /// <summary>The graph of a forward pass at a point, which no dispose scope holds.</summary>
    internal GradientGraph GraphAt(Point point, IReadOnlyList<Tensor> inputs) => new(OutputsAt(point, inputs));

    /// <summary>(1/count) Σ ℓᵢ of a batch, with its history.</summary>
    internal Tensor MeanShare(Point point, Batch part, long count)
    {
        using var mode = enable_grad();
        return LossFunction.Sum(Forward(point, part.Inputs), part.Targets).Over(count);
    }

    /// <summary>Samples from a place on, or as many as there are.</summary>
    internal Batch Slice(long start, long length)
    {
        long present = Math.Min(length, SampleCount - start);
        return Samples.Each(tensor => tensor.narrow(0, start, present));
    }

    /// <summary>How many micro-batches the samples make.</summary>
    /// <param name="size">Samples a micro-batch.</param>
    /// <param name="usesBatch">Whether batches have statistics: a last one of one sample, which has none, is joined to
    /// the one before.</param>
    internal int CountBatches(long size, bool usesBatch)
    {
        long count = (SampleCount + size - 1) / size;
        return checked((int)(usesBatch && SampleGroups.LeavesOne(SampleCount, size) ? count - 1 : count));
    }

    /// <summary>A micro-batch by its number.</summary>
    internal Batch BatchAt(long index, long size, bool usesBatch)
    {
        bool isLast = index == CountBatches(size, usesBatch) - 1;
        bool isJoined = isLast && usesBatch && SampleGroups.LeavesOne(SampleCount, size);
        return Slice(index * size, isJoined ? size + 1 : size);
    }

    /// <summary>Chosen samples as one batch.</summary>
    internal Batch Choose(Tensor indices) => Samples.Each(tensor => tensor.index_select(0, indices));

    /// <summary>Fails where two forward passes of the first samples differ.</summary>
    internal void RequireDeterminism(Point point, long samples)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var few = Slice(0, samples).Inputs;
        var first = Forward(point, few).nan_to_num();
        var second = Forward(point, few).nan_to_num();
        if (Magnitudes.Distance(first, second) > Repeatable * Magnitudes.Largest(first))
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                "two forward passes of the same samples differ: something random is live in the model (a dropout "
                    + "traced in train mode?); trace or script it after model.eval()"
            );
        }
    }

    /// <summary>A loss as a number.</summary>
    internal static double ValueOf(Tensor loss)
    {
        using var value = loss.detach().to(ScalarType.Float64);
        return value.item<double>();
    }

    private static Tensor Run(Point point, IReadOnlyList<Tensor> inputs, BatchNormUse use)
    {
        using var scope = NewDisposeScope();
        var outputs = point.Pass.Run(point.Leaves, point.Buffers, inputs, use);
        MemoryScope.ThrowIfExceeded();
        return outputs.MoveToOuterDisposeScope();
    }

    private Tensor[] LeavesOf(Tensor theta) =>
        [.. ParameterLayout.Split(theta).Select(part => part.requires_grad_().DetachFromDisposeScope())];

    private Tensor[] Loaded(IReadOnlyList<Tensor> own, Tensor theta)
    {
        var parts = ParameterLayout.Split(theta);
        for (int i = 0; i < parts.Length; i++)
        {
            own[i].detach().copy_(parts[i]);
        }

        return [.. own];
    }

    // Cumulative averages over the probe set in its fixed order: batch k of b_k samples enters with weight
    // b_k / (b_1 + … + b_k), so the first batch replaces whatever was stored (Deep Curvature Suite, section 4).
    private void ReestimateStatistics(Point point)
    {
        using var mode = no_grad();
        long seen = 0;
        for (long index = 0; index < CountBatches(MicroBatch, usesBatch: true); index++)
        {
            using var scope = NewDisposeScope();
            var part = BatchAt(index, MicroBatch, usesBatch: true);
            seen += part.Count;
            Run(point, part.Inputs, BatchNormUse.Reestimate((double)part.Count / seen));
        }
    }

    // Finds the number of outputs, and refuses early what no measurement could use.
    private void CheckForward(Tensor theta) =>
        Calls.Do(() =>
        {
            using var computation = Begin();
            using var point = PointAt(theta, BufferValues);
            long few = Math.Min(SampleCount, CheckedSamples);
            Pass.CheckInputs(Samples.Inputs.Count);
            Model.Verify(Slice(0, few).Inputs, BufferValues);
            var first = Forward(point, Slice(0, few).Inputs);
            if (first.dim() < 1 || first.shape[0] != few)
            {
                throw Arguments.Invalid("the model's output does not have one row a sample");
            }

            var targets = Samples.Targets;
            LossFunction.Check(first, targets.dtype == ScalarType.Int64 ? targets : targets.narrow(0, 0, few));
            RequireDeterminism(point, few);
            OutputsPerSample = first.NumberOfElements / few;
        });

    private double BatchGradient(Vector theta, ReadOnlySpan<long> samples, bool isTraining, Vector gradient)
    {
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(gradient);
        Arguments.RequireLength(gradient.Length, ParameterCount, "the gradient");
        if (samples.IsEmpty)
        {
            throw Arguments.Invalid("a batch needs at least one sample");
        }

        foreach (long sample in samples)
        {
            if (sample < 0 || sample >= SampleCount)
            {
                throw Arguments.Invalid($"a sample index lies outside 0 … {SampleCount - 1}");
            }
        }

        using var host = HostTensor.From(samples, [samples.Length], ScalarType.Int64);
        using var computation = Begin(samples.Length);
        return Calls.Get(() =>
        {
            using var point = PointAt(theta.Values, BufferValues);
            var part = Choose(host.to(Device.ToTorch()));
            Tensor mean;
            using (enable_grad())
            {
                var outputs = isTraining
                    ? Run(point, part.Inputs, BatchNormUse.Update)
                    : Forward(point, part.Inputs);
                mean = LossFunction.Sum(outputs, part.Targets).Over(part.Count);
            }

            var parts = SafeGradients.Of([mean], point.Leaves, [ones_like(mean)]);
            ParameterLayout.Gather(parts, gradient.Values, accumulate: false);
            KeepStatistics(isTraining, point);
            return ValueOf(mean);
        });
    }

    private void KeepStatistics(bool isTraining, Point point)
    {
        for (int i = 0; isTraining && i < BufferValues.Length; i++)
        {
            BufferValues[i].copy_(point.Buffers[i]);
        }
    }
}
