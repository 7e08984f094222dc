using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <content>Samples of numbers in host memory, with targets of any shape.</content>
public sealed partial class Samples
{
    /// <summary>Samples with targets as the run's loss takes them; whole numbers stay so.</summary>
    /// <typeparam name="TInput">float, double or long.</typeparam>
    /// <typeparam name="TTarget">float, double or long.</typeparam>
    /// <param name="inputs">All inputs, sample after sample.</param>
    /// <param name="inputShape">Their shape [N, …].</param>
    /// <param name="targets">All targets, sample after sample.</param>
    /// <param name="targetShape">Their shape [N, …].</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="DerivativeException">Counts and shapes disagree.</exception>
    public static Samples Of<TInput, TTarget>(
        ReadOnlySpan<TInput> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<TTarget> targets,
        ReadOnlySpan<long> targetShape,
        ElementType type,
        Device device
    )
        where TInput : unmanaged
        where TTarget : unmanaged
    {
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        CheckCounts(inputs.Length, inputShape, targets.Length, targetShape);
        if (targetShape[0] != inputShape[0])
        {
            throw Arguments.Invalid($"there are {targetShape[0]} targets for {inputShape[0]} samples");
        }

        return Copied(
            inputs,
            TypeOf<TInput>(),
            inputShape,
            targets,
            TypeOf<TTarget>(),
            targetShape,
            type,
            device
        );
    }

    /// <summary>Samples of several inputs, as a model of several arguments takes them.</summary>
    /// <param name="inputs">One for each argument of the model's forward, in their order.</param>
    /// <param name="targets">The targets, as the run's loss takes them.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">The device to compute on.</param>
    /// <exception cref="DerivativeException">There is none, or they are not all of the same samples.</exception>
    public static Samples Of(
        IReadOnlyList<SampleTensor> inputs,
        SampleTensor targets,
        ElementType type,
        Device device
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        long count = targets.Shape.Count > 0 ? targets.Shape[0] : 0;
        if (inputs.Count == 0 || count == 0)
        {
            throw Arguments.Invalid("there is no sample: give inputs and targets [samples, …]");
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Shape.Count == 0 || inputs[i].Shape[0] != count)
            {
                throw Arguments.Invalid(
                    $"input {i} has the shape [{string.Join(", ", inputs[i].Shape)}] where there are {count} targets"
                );
            }
        }

        List<Tensor> converted = [];
        try
        {
            converted.AddRange(inputs.Append(targets).Select(Converted));
            return new Samples(converted[..^1], converted[^1], type, device);
        }
        catch
        {
            converted.ForEach(tensor => tensor.Dispose());
            throw;
        }

        Tensor Converted(SampleTensor tensor)
        {
            var (host, given) = tensor.Copy();
            using (host)
            {
                return Samples.Converted(host, given, type, device);
            }
        }
    }

    private static ScalarType TypeOf<T>() =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : throw new NotSupportedException($"samples of {typeof(T).Name}");

    private static void CheckCounts(
        int inputs,
        ReadOnlySpan<long> shape,
        int targets,
        ReadOnlySpan<long> targetShape
    )
    {
        long product = Product(shape);
        if (product == 0 || product != inputs)
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"{inputs} input numbers do not make the shape [{string.Join(", ", shape.ToArray())}]"
            );
        }

        long expected = Product(targetShape);
        if (targets != expected)
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"{targets} targets for {shape[0]} samples; {expected} are needed"
            );
        }
    }

    private static long Product(ReadOnlySpan<long> shape)
    {
        long product = shape.IsEmpty ? 0 : 1;
        foreach (long size in shape)
        {
            product = checked(product * size);
        }

        return product;
    }
}
