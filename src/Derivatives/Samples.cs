using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// Inputs, one tensor [N, …] or several, and targets on a device, in a fixed order. Immutable; several objectives may
/// share it.
/// </summary>
public sealed partial class Samples : IDisposable
{
    private int _uses = 1;

    private Samples(IReadOnlyList<Tensor> inputs, Tensor targets, ElementType type, Device device)
    {
        (Inputs, Targets) = (inputs, targets);
        Count = targets.shape[0];
        ElementType = type;
        Device = device;
        ObjectCounts.Add(ObjectCounts.Kind.Samples);
    }

    /// <summary>N.</summary>
    public long Count { get; }

    /// <summary>The type that floating-point inputs and targets were converted to.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where they live.</summary>
    public Device Device { get; }

    /// <summary>A tensor [N, …] for each argument of the model's forward, in their order.</summary>
    internal IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>Class labels [N] or [N, T] as int64, or values [N, K].</summary>
    internal Tensor Targets { get; }

    /// <summary>Samples with class labels, for <see cref="Loss.CrossEntropy"/>.</summary>
    /// <param name="inputs">All inputs, sample after sample.</param>
    /// <param name="inputShape">Their shape [N, …].</param>
    /// <param name="labels">N labels, 0 or more; N·T of them, sample after sample, where there are positions.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <param name="positions">T, for a model that classifies T positions of each sample and whose outputs are [N, K,
    /// T]; 0 for outputs [N, K].</param>
    /// <exception cref="DerivativeException">Counts and shape disagree, or a label is negative.</exception>
    public static Samples Classification(
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<long> labels,
        ElementType type,
        Device device,
        long positions = 0
    ) =>
        Create(
            inputs,
            ScalarType.Float32,
            inputShape,
            labels,
            ScalarType.Int64,
            CheckPositions(positions),
            type,
            device
        );

    /// <inheritdoc
    /// cref="Classification(ReadOnlySpan{float}, ReadOnlySpan{long}, ReadOnlySpan{long}, ElementType, Device, long)"
    /// />
    public static Samples Classification(
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<long> labels,
        ElementType type,
        Device device,
        long positions = 0
    ) =>
        Create(
            inputs,
            ScalarType.Float64,
            inputShape,
            labels,
            ScalarType.Int64,
            CheckPositions(positions),
            type,
            device
        );

    /// <summary>Samples whose inputs are token numbers, which stay integers.</summary>
    /// <inheritdoc
    /// cref="Classification(ReadOnlySpan{float}, ReadOnlySpan{long}, ReadOnlySpan{long}, ElementType, Device, long)"
    /// />
    public static Samples Classification(
        ReadOnlySpan<long> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<long> labels,
        ElementType type,
        Device device,
        long positions = 0
    ) =>
        Create(
            inputs,
            ScalarType.Int64,
            inputShape,
            labels,
            ScalarType.Int64,
            CheckPositions(positions),
            type,
            device
        );

    /// <summary>Samples with K real targets each, for <see cref="Loss.MeanSquaredError"/>.</summary>
    /// <param name="inputs">All inputs, sample after sample.</param>
    /// <param name="inputShape">Their shape [N, …].</param>
    /// <param name="targets">N · K numbers, sample after sample.</param>
    /// <param name="outputs">K, 1 or more.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="DerivativeException">Counts and shapes disagree.</exception>
    public static Samples Regression(
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<float> targets,
        long outputs,
        ElementType type,
        Device device
    ) =>
        Create(
            inputs,
            ScalarType.Float32,
            inputShape,
            targets,
            ScalarType.Float32,
            CheckOutputs(outputs),
            type,
            device
        );

    /// <inheritdoc
    /// cref="Regression(ReadOnlySpan{float}, ReadOnlySpan{long}, ReadOnlySpan{float}, long, ElementType, Device)"
    /// />
    public static Samples Regression(
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<double> targets,
        long outputs,
        ElementType type,
        Device device
    ) =>
        Create(
            inputs,
            ScalarType.Float64,
            inputShape,
            targets,
            ScalarType.Float64,
            CheckOutputs(outputs),
            type,
            device
        );

    /// <summary>Samples with token numbers as inputs, which stay integers, and K real targets each.</summary>
    /// <inheritdoc
    /// cref="Regression(ReadOnlySpan{float}, ReadOnlySpan{long}, ReadOnlySpan{float}, long, ElementType, Device)"
    /// />
    public static Samples Regression(
        ReadOnlySpan<long> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<double> targets,
        long outputs,
        ElementType type,
        Device device
    ) => Create(inputs, ScalarType.Int64, inputShape, targets, ScalarType.Float64, CheckOutputs(outputs), type, device);

    /// <summary>Frees the memory once no objective uses it.</summary>
    public void Dispose() => Release();

    /// <summary>Another user; each ends with <see cref="Release"/>.</summary>
    internal void Use() => Interlocked.Increment(ref _uses);

    /// <summary>A part of the samples: the same of every tensor.</summary>
    internal Batch Each(Func<Tensor, Tensor> part) => new([.. Inputs.Select(part)], part(Targets));

    internal void Release()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            foreach (var input in Inputs)
            {
                input.Dispose();
            }

            Targets.Dispose();
            ObjectCounts.Remove(ObjectCounts.Kind.Samples);
        }
    }

    private static long CheckOutputs(long outputs) =>
        outputs >= 1
            ? outputs
            : throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"regression needs 1 output or more, {outputs} were given"
            );

    private static long CheckPositions(long positions) =>
        positions >= 0
            ? positions
            : throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"{positions} positions were given; 0 or more are possible"
            );

    private static Samples Create<TInput, TTarget>(
        ReadOnlySpan<TInput> inputs,
        ScalarType inputType,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<TTarget> targets,
        ScalarType targetType,
        long outputs,
        ElementType type,
        Device device
    )
        where TInput : unmanaged
        where TTarget : unmanaged
    {
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        CheckCounts(inputs.Length, shape, targets.Length, outputs == 0 ? [shape[0]] : [shape[0], outputs]);
        if (targetType == ScalarType.Int64 && IsNegative(MemoryMarshal.Cast<TTarget, long>(targets)))
        {
            throw Arguments.Invalid("a class label is negative");
        }

        ReadOnlySpan<long> targetShape = outputs == 0 ? [shape[0]] : [shape[0], outputs];
        return Copied(inputs, inputType, shape, targets, targetType, targetShape, type, device);
    }

    private static Samples Copied<TInput, TTarget>(
        ReadOnlySpan<TInput> inputs,
        ScalarType inputType,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<TTarget> targets,
        ScalarType targetType,
        ReadOnlySpan<long> targetShape,
        ElementType type,
        Device device
    )
        where TInput : unmanaged
        where TTarget : unmanaged
    {
        using var hostInputs = HostTensor.From(inputs, shape, inputType);
        using var hostTargets = HostTensor.From(targets, targetShape, targetType);
        return new Samples(
            [Converted(hostInputs, inputType, type, device)],
            Converted(hostTargets, targetType, type, device),
            type,
            device
        );
    }

    // Token numbers, labels and masks stay what they are; everything else takes the model's type.
    private static Tensor Converted(Tensor host, ScalarType given, ElementType type, Device device) =>
        Calls.Make(() =>
            host.to(
                given is ScalarType.Int64 or ScalarType.Bool ? given : type.ToTorch(),
                device.ToTorch(),
                copy: true
            )
        );

    private static bool IsNegative(ReadOnlySpan<long> labels)
    {
        foreach (long label in labels)
        {
            if (label < 0)
            {
                return true;
            }
        }

        return false;
    }
}
