using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// P numbers on a device: parameters, gradients, Lanczos vectors. Mutable, used by one thread at a time. Scalars that
/// come out of it (dot products, norms) are accumulated in float64 whatever the element type, in an order that does not
/// depend on the number of threads.
/// </summary>
public sealed partial class Vector : IDisposable
{
    private bool _disposed;

    internal Vector(Tensor values, ElementType type, Device device)
    {
        Values = values;
        Length = values.NumberOfElements;
        ElementType = type;
        Device = device;
        ObjectCounts.Add(ObjectCounts.Kind.Vector);
    }

    /// <summary>P, the number of numbers.</summary>
    public long Length { get; }

    /// <summary>The type of the numbers.</summary>
    public ElementType ElementType { get; }

    /// <summary>Where the numbers live.</summary>
    public Device Device { get; }

    /// <summary>The numbers, [P] and contiguous, without history.</summary>
    internal Tensor Values
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return field;
        }
    }

    /// <summary>Creates a vector of zeros.</summary>
    /// <param name="length">P, 0 or more.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="DerivativeException">No memory, or the device is not here.</exception>
    public static Vector Zeros(long length, ElementType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        if (length < 0)
        {
            throw Arguments.Invalid($"a vector of {length} numbers was asked for");
        }

        return new Vector(Calls.Make(() => zeros(length, type.ToTorch(), device.ToTorch())), type, device);
    }

    /// <summary>Creates a vector with the given numbers, rounded to the element type.</summary>
    /// <param name="values">The numbers; their count is P.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="DerivativeException">No memory, or the device is not here.</exception>
    public static Vector From(ReadOnlySpan<double> values, ElementType type, Device device)
    {
        var vector = Zeros(values.Length, type, device);
        vector.CopyFrom(values);
        return vector;
    }

    /// <summary>A copy with memory of its own.</summary>
    public Vector Clone() => new(Calls.Make(() => Values.clone()), ElementType, Device);

    /// <summary>Zeros of the same length, type and device.</summary>
    public Vector ZerosLike() => Zeros(Length, ElementType, Device);

    /// <summary>Sets every entry to <paramref name="value"/>.</summary>
    public void Fill(double value) => Calls.Do(() => Values.Fill(value));

    /// <summary>
    /// Draws every entry from the standard normal distribution. The same seed gives the same numbers on every device
    /// and, but for rounding, in every element type.
    /// </summary>
    public void FillNormal(long seed) =>
        Calls.Do(() =>
        {
            using var generator = new Generator((ulong)seed);
            Values.copy_(empty(Length, ScalarType.Float64).normal_(0, 1, generator));
        });

    /// <summary>Draws every entry from {−1, +1} with equal chance; repeatable like <see cref="FillNormal"/>.</summary>
    public void FillRademacher(long seed) =>
        Calls.Do(() =>
        {
            using var generator = new Generator((ulong)seed);
            Values.copy_(empty(Length, ScalarType.Float64).bernoulli_(0.5, generator).Scale(2).Decrease(1));
        });

    /// <summary>The inner product Σ aᵢbᵢ.</summary>
    /// <exception cref="DerivativeException">Lengths, element types or devices differ.</exception>
    public double Dot(Vector other)
    {
        RequireAlike(other);
        return HostSums.Dot(Values, other.Values);
    }

    /// <summary>The inner product of each segment: one number a layer.</summary>
    /// <param name="other">A vector of the same length.</param>
    /// <param name="ends">Where each segment ends (exclusive); the first starts at 0, each other where the one before
    /// ended.</param>
    /// <param name="dots">Receives Σ aᵢbᵢ over each segment.</param>
    /// <exception cref="DerivativeException">Lengths, element types or devices differ, or the segments do not
    /// fit.</exception>
    public void SegmentDots(Vector other, ReadOnlySpan<long> ends, Span<double> dots)
    {
        RequireAlike(other);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dots.Length, ends.Length);
        long start = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            if (ends[i] < start || ends[i] > Length)
            {
                throw Arguments.Invalid("the segments do not fit the vector");
            }

            using var left = Values.narrow(0, start, ends[i] - start);
            using var right = other.Values.narrow(0, start, ends[i] - start);
            dots[i] = HostSums.Dot(left, right);
            start = ends[i];
        }
    }

    /// <summary>The Euclidean norm √Σ aᵢ².</summary>
    public double Norm() => Math.Sqrt(Dot(this));

    /// <summary>The largest absolute value; 0 for an empty vector, NaN if any entry is.</summary>
    public double MaxAbs() =>
        Length == 0 ? 0 : Calls.Get(() => Values.abs().max().to(ScalarType.Float64).item<double>());

    /// <summary>The sum of all entries.</summary>
    public double Sum() => Calls.Get(() => Values.sum(ScalarType.Float64).item<double>());

    /// <summary>Whether no entry is NaN or infinite.</summary>
    public bool IsFinite() => Calls.Get(() => Values.isfinite().all().item<bool>());

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            Values.Dispose();
            _disposed = true;
            ObjectCounts.Remove(ObjectCounts.Kind.Vector);
        }
    }

    private void RequireAlike(Vector other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Arguments.RequireLength(other.Length, Length, "the second vector");
        if (other.ElementType != ElementType || other.Device != Device)
        {
            throw Arguments.Invalid("two vectors of one operation differ in element type or device");
        }
    }
}
