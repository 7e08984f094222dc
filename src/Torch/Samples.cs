using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// Inputs [N, …] and targets on a device, in a fixed order. Immutable; several objectives may share it.
/// </summary>
public sealed class Samples : IDisposable
{
    // Beside the values of ElementType, for what stays integers.
    private const int Int64 = 2;

    private Samples(SamplesHandle handle, long count, ElementType type, Device device)
    {
        Handle = handle;
        Count = count;
        ElementType = type;
        Device = device;
    }

    /// <summary>N.</summary>
    public long Count { get; }

    /// <summary>The type that floating-point inputs and targets were converted to.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where they live.</summary>
    public Device Device { get; }

    internal SamplesHandle Handle { get; }

    /// <summary>Samples with class labels, for <see cref="Loss.CrossEntropy"/>.</summary>
    /// <param name="inputs">All inputs, sample after sample.</param>
    /// <param name="inputShape">Their shape [N, …].</param>
    /// <param name="labels">N labels, 0 or more; N·T of them, sample after sample, where there are positions.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <param name="positions">T, for a model that classifies T positions of each sample and whose outputs are [N, K,
    /// T]; 0 for outputs [N, K].</param>
    /// <exception cref="TorchException">Counts and shape disagree, or a label is negative.</exception>
    public static Samples Classification(
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<long> labels,
        ElementType type,
        Device device,
        long positions = 0
    ) => Create(inputs, (int)ElementType.Float32, inputShape, labels, Int64, CheckPositions(positions), type, device);

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
    ) => Create(inputs, (int)ElementType.Float64, inputShape, labels, Int64, CheckPositions(positions), type, device);

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
    ) => Create(inputs, Int64, inputShape, labels, Int64, CheckPositions(positions), type, device);

    /// <summary>Samples with K real targets each, for <see cref="Loss.MeanSquaredError"/>.</summary>
    /// <param name="inputs">All inputs, sample after sample.</param>
    /// <param name="inputShape">Their shape [N, …].</param>
    /// <param name="targets">N · K numbers, sample after sample.</param>
    /// <param name="outputs">K, 1 or more.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="TorchException">Counts and shapes disagree.</exception>
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
            (int)ElementType.Float32,
            inputShape,
            targets,
            (int)ElementType.Float32,
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
            (int)ElementType.Float64,
            inputShape,
            targets,
            (int)ElementType.Float64,
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
    ) => Create(inputs, Int64, inputShape, targets, (int)ElementType.Float64, CheckOutputs(outputs), type, device);

    /// <summary>Frees the memory once no objective uses it.</summary>
    public void Dispose() => Handle.Dispose();

    private static long CheckOutputs(long outputs) =>
        outputs >= 1
            ? outputs
            : throw new TorchException(
                TorchErrorKind.InvalidArgument,
                $"regression needs 1 output or more, {outputs} were given"
            );

    private static long CheckPositions(long positions) =>
        positions >= 0
            ? positions
            : throw new TorchException(
                TorchErrorKind.InvalidArgument,
                $"{positions} positions were given; 0 or more are possible"
            );

    private static unsafe Samples Create<TInput, TTarget>(
        ReadOnlySpan<TInput> inputs,
        int inputType,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<TTarget> targets,
        int targetType,
        long outputs,
        ElementType type,
        Device device
    )
        where TInput : unmanaged
        where TTarget : unmanaged
    {
        ArgumentNullException.ThrowIfNull(device);
        CheckCounts(inputs.Length, shape, targets.Length, outputs);
        fixed (TInput* input = inputs)
        fixed (TTarget* target = targets)
        fixed (long* dims = shape)
        {
            Native
                .SamplesCreate(
                    input,
                    inputType,
                    dims,
                    shape.Length,
                    target,
                    targetType,
                    outputs,
                    type,
                    device.Index,
                    out var handle,
                    out var error
                )
                .ThrowOnFailure(error);
            return new Samples(handle, shape[0], type, device);
        }
    }

    // The native side reads as many numbers as the shape says: a wrong count must not get there.
    private static void CheckCounts(int inputs, ReadOnlySpan<long> shape, int targets, long outputs)
    {
        long product = shape.IsEmpty ? 0 : 1;
        foreach (long size in shape)
        {
            product = checked(product * size);
        }

        if (product == 0 || product != inputs)
        {
            throw new TorchException(
                TorchErrorKind.InvalidArgument,
                $"{inputs} input numbers do not make the shape [{string.Join(", ", shape.ToArray())}]"
            );
        }

        long expected = shape[0] * Math.Max(1, outputs);
        if (targets != expected)
        {
            throw new TorchException(
                TorchErrorKind.InvalidArgument,
                $"{targets} targets for {shape[0]} samples; {expected} are needed"
            );
        }
    }
}
