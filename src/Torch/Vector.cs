using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// P numbers on a device: parameters, gradients, Lanczos vectors. Mutable, used by one thread at a time. Scalars that
/// come out of it (dot products, norms) are accumulated in float64 whatever the element type, in an order that does not
/// depend on the number of threads.
/// </summary>
public sealed class Vector : IDisposable
{
    internal Vector(VectorHandle handle, long length, ElementType type, Device device)
    {
        Handle = handle;
        Length = length;
        ElementType = type;
        Device = device;
    }

    /// <summary>P, the number of numbers.</summary>
    public long Length { get; }

    /// <summary>The type of the numbers.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where the numbers live.</summary>
    public Device Device { get; }

    internal VectorHandle Handle { get; }

    /// <summary>Creates a vector of zeros.</summary>
    /// <param name="length">P, 0 or more.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="TorchException">No memory, or the device is not here.</exception>
    public static Vector Zeros(long length, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Native.VectorCreate(length, type, device.Index, out var handle, out var error).ThrowOnFailure(error);
        return new Vector(handle, length, type, device);
    }

    /// <summary>Creates a vector with the given numbers, rounded to the element type.</summary>
    /// <param name="values">The numbers; their count is P.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="TorchException">No memory, or the device is not here.</exception>
    public static Vector From(ReadOnlySpan<double> values, ElementType type, Device device)
    {
        var vector = Zeros(values.Length, type, device);
        vector.CopyFrom(values);
        return vector;
    }

    /// <summary>A copy with memory of its own.</summary>
    public Vector Clone()
    {
        Native.VectorClone(Handle, out var handle, out var error).ThrowOnFailure(error);
        return new Vector(handle, Length, ElementType, Device);
    }

    /// <summary>Zeros of the same length, type and device.</summary>
    public Vector ZerosLike() => Zeros(Length, ElementType, Device);

    /// <summary>Sets every entry to <paramref name="value"/>.</summary>
    public void Fill(double value) => Native.VectorFill(Handle, value, out var error).ThrowOnFailure(error);

    /// <summary>
    /// Draws every entry from the standard normal distribution. The same seed gives the same numbers on every device
    /// and, but for rounding, in every element type.
    /// </summary>
    public void FillNormal(long seed) => Native.VectorFillNormal(Handle, seed, out var error).ThrowOnFailure(error);

    /// <summary>Draws every entry from {−1, +1} with equal chance; repeatable like <see cref="FillNormal"/>.</summary>
    public void FillRademacher(long seed) =>
        Native.VectorFillRademacher(Handle, seed, out var error).ThrowOnFailure(error);

    /// <summary>Copies all entries of a vector of the same length, converting type and device.</summary>
    /// <exception cref="TorchException">The lengths differ.</exception>
    public void CopyFrom(Vector source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Native.VectorCopy(Handle, source.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>
    /// Copies a range of another vector's entries into a range of this one's, converting type and device.
    /// </summary>
    /// <param name="start">Where the range begins here.</param>
    /// <param name="source">The other vector; not this one.</param>
    /// <param name="sourceStart">Where the range begins there.</param>
    /// <param name="count">How many entries.</param>
    /// <exception cref="TorchException">A range lies outside its vector.</exception>
    public void CopyRange(long start, Vector source, long sourceStart, long count)
    {
        ArgumentNullException.ThrowIfNull(source);
        Native.VectorCopyRange(Handle, start, source.Handle, sourceStart, count, out var error).ThrowOnFailure(error);
    }

    /// <summary>Copies all entries from host memory.</summary>
    /// <exception cref="TorchException">The lengths differ.</exception>
    public unsafe void CopyFrom(ReadOnlySpan<double> values)
    {
        fixed (double* pointer = values)
        {
            Native
                .VectorWrite(Handle, pointer, values.Length, ElementType.Float64, out var error)
                .ThrowOnFailure(error);
        }
    }

    /// <inheritdoc cref="CopyFrom(ReadOnlySpan{double})"/>
    public unsafe void CopyFrom(ReadOnlySpan<float> values)
    {
        fixed (float* pointer = values)
        {
            Native
                .VectorWrite(Handle, pointer, values.Length, ElementType.Float32, out var error)
                .ThrowOnFailure(error);
        }
    }

    /// <summary>Copies all entries to host memory.</summary>
    /// <exception cref="TorchException">The lengths differ.</exception>
    public unsafe void CopyTo(Span<double> values)
    {
        fixed (double* pointer = values)
        {
            Native.VectorRead(Handle, pointer, values.Length, ElementType.Float64, out var error).ThrowOnFailure(error);
        }
    }

    /// <inheritdoc cref="CopyTo(Span{double})"/>
    public unsafe void CopyTo(Span<float> values)
    {
        fixed (float* pointer = values)
        {
            Native.VectorRead(Handle, pointer, values.Length, ElementType.Float32, out var error).ThrowOnFailure(error);
        }
    }

    /// <summary>All entries, in host memory.</summary>
    public double[] ToArray()
    {
        double[] values = new double[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>The inner product Σ aᵢbᵢ.</summary>
    /// <exception cref="TorchException">Lengths, element types or devices differ.</exception>
    public double Dot(Vector other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Native.VectorDot(Handle, other.Handle, out double value, out var error).ThrowOnFailure(error);
        return value;
    }

    /// <summary>The inner product of each segment: one number a layer.</summary>
    /// <param name="other">A vector of the same length.</param>
    /// <param name="ends">Where each segment ends (exclusive); the first starts at 0, each other where the one before
    /// ended.</param>
    /// <param name="dots">Receives Σ aᵢbᵢ over each segment.</param>
    /// <exception cref="TorchException">Lengths, element types or devices differ, or the segments do not
    /// fit.</exception>
    public unsafe void SegmentDots(Vector other, ReadOnlySpan<long> ends, Span<double> dots)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dots.Length, ends.Length);
        fixed (long* limits = ends)
        fixed (double* values = dots)
        {
            Native
                .VectorSegmentDots(Handle, other.Handle, limits, ends.Length, values, out var error)
                .ThrowOnFailure(error);
        }
    }

    /// <summary>The Euclidean norm √Σ aᵢ².</summary>
    public double Norm() => Math.Sqrt(Dot(this));

    /// <summary>The largest absolute value; 0 for an empty vector, NaN if any entry is.</summary>
    public double MaxAbs()
    {
        Native.VectorMaxAbs(Handle, out double value, out var error).ThrowOnFailure(error);
        return value;
    }

    /// <summary>The sum of all entries.</summary>
    public double Sum()
    {
        Native.VectorSum(Handle, out double value, out var error).ThrowOnFailure(error);
        return value;
    }

    /// <summary>Whether no entry is NaN or infinite.</summary>
    public bool IsFinite()
    {
        Native.VectorIsFinite(Handle, out int finite, out var error).ThrowOnFailure(error);
        return finite != 0;
    }

    /// <summary>this ← factor · this.</summary>
    public void Scale(double factor) => Native.VectorScale(Handle, factor, out var error).ThrowOnFailure(error);

    /// <summary>this ← this + factor · x.</summary>
    /// <exception cref="TorchException">Lengths, element types or devices differ.</exception>
    public void Add(Vector x, double factor = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        Native.VectorAdd(Handle, x.Handle, factor, out var error).ThrowOnFailure(error);
    }

    /// <summary>this ← this ∘ x, entry by entry.</summary>
    /// <exception cref="TorchException">Lengths, element types or devices differ.</exception>
    public void Multiply(Vector x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Native.VectorMultiply(Handle, x.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>this ← β · this + (1 − β) · x: an exponential moving average.</summary>
    /// <exception cref="TorchException">Lengths, element types or devices differ.</exception>
    public void Blend(double beta, Vector x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Native.VectorBlend(Handle, beta, x.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>this ← β · this + (1 − β) · x ∘ x: Adam's second moment.</summary>
    /// <exception cref="TorchException">Lengths, element types or devices differ.</exception>
    public void BlendSquare(double beta, Vector x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Native.VectorBlendSquare(Handle, beta, x.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>this ← this + factor · n / (√s · rootScale + ε), entry by entry: Adam's update.</summary>
    /// <param name="factor">The factor before the quotient.</param>
    /// <param name="numerator">n.</param>
    /// <param name="square">s, of which the root is taken.</param>
    /// <param name="rootScale">What the root is multiplied by.</param>
    /// <param name="epsilon">ε, added to the denominator.</param>
    /// <exception cref="TorchException">Lengths, element types or devices differ.</exception>
    public void AddRootQuotient(double factor, Vector numerator, Vector square, double rootScale, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(square);
        Native
            .VectorAddRootQuotient(Handle, factor, numerator.Handle, square.Handle, rootScale, epsilon, out var error)
            .ThrowOnFailure(error);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => Handle.Dispose();
}
