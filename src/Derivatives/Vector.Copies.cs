using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Copies to and from other vectors and host memory.</content>
public sealed partial class Vector
{
    /// <summary>Copies all entries of a vector of the same length, converting type and device.</summary>
    /// <exception cref="DerivativeException">The lengths differ.</exception>
    public void CopyFrom(Vector source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Arguments.RequireLength(source.Length, Length, "the source vector");
        Calls.Do(() => Values.copy_(source.Values));
    }

    /// <summary>
    /// Copies a range of another vector's entries into a range of this one's, converting type and device.
    /// </summary>
    /// <param name="start">Where the range begins here.</param>
    /// <param name="source">The other vector; not this one.</param>
    /// <param name="sourceStart">Where the range begins there.</param>
    /// <param name="count">How many entries.</param>
    /// <exception cref="DerivativeException">A range lies outside its vector.</exception>
    public void CopyRange(long start, Vector source, long sourceStart, long count)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (
            count < 0
            || start < 0
            || sourceStart < 0
            || start + count > Length
            || sourceStart + count > source.Length
        )
        {
            throw Arguments.Invalid("the range of entries lies outside a vector");
        }

        Calls.Do(() => Values.narrow(0, start, count).copy_(source.Values.narrow(0, sourceStart, count)));
    }

    /// <summary>Copies all entries from host memory.</summary>
    /// <exception cref="DerivativeException">The lengths differ.</exception>
    public void CopyFrom(ReadOnlySpan<double> values) => Write(values, ScalarType.Float64);

    /// <inheritdoc cref="CopyFrom(ReadOnlySpan{double})"/>
    public void CopyFrom(ReadOnlySpan<float> values) => Write(values, ScalarType.Float32);

    /// <summary>Copies all entries to host memory.</summary>
    /// <exception cref="DerivativeException">The lengths differ.</exception>
    public void CopyTo(Span<double> values) => Read(values, ScalarType.Float64);

    /// <inheritdoc cref="CopyTo(Span{double})"/>
    public void CopyTo(Span<float> values) => Read(values, ScalarType.Float32);

    /// <summary>All entries, in host memory.</summary>
    public double[] ToArray()
    {
        double[] values = new double[Length];
        CopyTo(values);
        return values;
    }

    private void Write<T>(ReadOnlySpan<T> values, ScalarType type)
        where T : unmanaged
    {
        Arguments.RequireLength(Length, values.Length, "the vector");
        using var host = HostTensor.From(values, [values.Length], type);
        Calls.Do(() => Values.copy_(host));
    }

    private void Read<T>(Span<T> values, ScalarType type)
        where T : unmanaged
    {
        Arguments.RequireLength(Length, values.Length, "the vector");
        using var host = Calls.Make(() => Values.to(type, CPU).contiguous());
        HostTensor.Read(host, values);
    }
}
