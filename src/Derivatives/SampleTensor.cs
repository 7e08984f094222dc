using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// Numbers in host memory, one row a sample: floating-point ones take the type that is computed in, whole numbers stay
/// int64 and truth values bool.
/// </summary>
public sealed class SampleTensor
{
    private readonly Func<Tensor> _copy;
    private readonly ScalarType _type;

    private SampleTensor(int count, IReadOnlyList<long> shape, ScalarType type, Func<Tensor> copy)
    {
        ArgumentNullException.ThrowIfNull(shape);
        (Shape, _type, _copy) = (shape, type, copy);
        long expected = shape.Aggregate(shape.Count == 0 ? 0L : 1L, (product, size) => checked(product * size));
        if (expected != count)
        {
            throw Arguments.Invalid($"{count} numbers do not make the shape [{string.Join(", ", shape)}]");
        }
    }

    /// <summary>[N, …].</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Floating-point numbers.</summary>
    /// <param name="values">The numbers, row-major; read when samples are made of them.</param>
    /// <param name="shape">[N, …].</param>
    /// <exception cref="DerivativeException">They do not make the shape.</exception>
    public static SampleTensor Of(ReadOnlyMemory<double> values, IReadOnlyList<long> shape) =>
        Of(values, shape, ScalarType.Float64);

    /// <inheritdoc cref="Of(ReadOnlyMemory{double}, IReadOnlyList{long})"/>
    public static SampleTensor Of(ReadOnlyMemory<float> values, IReadOnlyList<long> shape) =>
        Of(values, shape, ScalarType.Float32);

    /// <summary>Whole numbers, such as tokens or class labels.</summary>
    /// <inheritdoc cref="Of(ReadOnlyMemory{double}, IReadOnlyList{long})"/>
    public static SampleTensor Of(ReadOnlyMemory<long> values, IReadOnlyList<long> shape) =>
        Of(values, shape, ScalarType.Int64);

    /// <summary>Truth values, such as a mask of padding.</summary>
    /// <inheritdoc cref="Of(ReadOnlyMemory{double}, IReadOnlyList{long})"/>
    public static SampleTensor Of(ReadOnlyMemory<bool> values, IReadOnlyList<long> shape) =>
        Of(values, shape, ScalarType.Bool);

    /// <summary>A copy on the host, with its type, which the caller disposes.</summary>
    internal (Tensor Host, ScalarType Type) Copy() => (_copy(), _type);

    private static SampleTensor Of<T>(ReadOnlyMemory<T> values, IReadOnlyList<long> shape, ScalarType type)
        where T : unmanaged =>
        new(values.Length, shape, type, () => HostTensor.From(values.Span, [.. shape], type));
}
