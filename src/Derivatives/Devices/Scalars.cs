using TorchSharp;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// Operations with numbers. TorchSharp makes an object of each number, and lets go of it as soon as it has its address:
/// a garbage collection in that moment frees the number while libtorch reads it, and libtorch then throws ("Unknown
/// scalar type") or computes with another number. Here each number outlives the call. A test demands that nothing else
/// in the product calls what makes such objects.
/// </summary>
internal static class Scalars
{
    private static readonly Scalar One = 1L.ToScalar();
    private static readonly Scalar Two = 2L.ToScalar();

    /// <summary>x + y.</summary>
    internal static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>x + y for each entry.</summary>
    internal static Tensor Plus(this Tensor x, Scalar y) => x.add(y, One);

    /// <summary>x ← x + factor y.</summary>
    internal static Tensor Increase(this Tensor x, Tensor y, double factor = 1)
    {
        using var scalar = factor.ToScalar();
        return x.add_(y, scalar);
    }

    /// <summary>x ← x + y for each entry.</summary>
    internal static Tensor Increase(this Tensor x, double y)
    {
        using var scalar = y.ToScalar();
        return x.add_(scalar, One);
    }

    /// <summary>x ← x + factor y ∘ z.</summary>
    internal static Tensor IncreaseByProduct(this Tensor x, Tensor y, Tensor z, double factor = 1)
    {
        using var scalar = factor.ToScalar();
        return x.addcmul_(y, z, scalar);
    }

    /// <summary>x ← x + factor y / z, entry by entry.</summary>
    internal static Tensor IncreaseByQuotient(this Tensor x, Tensor y, Tensor z, double factor)
    {
        using var scalar = factor.ToScalar();
        return x.addcdiv_(y, z, scalar);
    }

    /// <summary>x ← x − y for each entry; x of whole numbers stays so.</summary>
    internal static Tensor Decrease(this Tensor x, long y)
    {
        using var scalar = y.ToScalar();
        return x.sub_(scalar);
    }

    /// <summary>factor x.</summary>
    internal static Tensor Times(this Tensor x, double factor)
    {
        using var scalar = factor.ToScalar();
        return x.mul(scalar);
    }

    /// <summary>x ← factor x.</summary>
    internal static Tensor Scale(this Tensor x, double factor)
    {
        using var scalar = factor.ToScalar();
        return x.mul_(scalar);
    }

    /// <summary>x / divisor.</summary>
    internal static Tensor Over(this Tensor x, double divisor)
    {
        using var scalar = divisor.ToScalar();
        return x.div(scalar);
    }

    /// <summary>x ← x / divisor.</summary>
    internal static Tensor Divide(this Tensor x, double divisor)
    {
        using var scalar = divisor.ToScalar();
        return x.div_(scalar);
    }

    /// <summary>x ∘ x.</summary>
    internal static Tensor Squared(this Tensor x) => x.pow(Two);

    /// <summary>x, with value where the mask is true.</summary>
    internal static Tensor Masked(this Tensor x, Tensor mask, double value)
    {
        using var scalar = value.ToScalar();
        return x.masked_fill(mask, scalar);
    }

    /// <summary>Where x equals value.</summary>
    internal static Tensor Equal(this Tensor x, double value)
    {
        using var scalar = value.ToScalar();
        return x.eq(scalar);
    }

    /// <summary>x, with 1 where it is less; x of whole numbers.</summary>
    internal static Tensor AtLeastOne(this Tensor x) => x.clamp_min(One);

    /// <summary>x, with the limit where it is more.</summary>
    internal static Tensor AtMost(this Tensor x, double limit)
    {
        using var scalar = limit.ToScalar();
        return x.clamp_max(scalar);
    }

    /// <summary>Where x is greater than value.</summary>
    internal static Tensor Exceeds(this Tensor x, double value)
    {
        using var scalar = value.ToScalar();
        return x.gt(scalar);
    }

    /// <summary>x + value for each entry.</summary>
    internal static Tensor Raised(this Tensor x, double value)
    {
        using var scalar = value.ToScalar();
        return x.add(scalar, One);
    }

    /// <summary>Every entry ← value.</summary>
    internal static Tensor Fill(this Tensor x, double value)
    {
        using var scalar = value.ToScalar();
        return x.fill_(scalar);
    }

    /// <summary>0 … count − 1.</summary>
    internal static Tensor Range(long count, Device device)
    {
        using var first = 0L.ToScalar();
        using var end = count.ToScalar();
        return arange(first, end, One, ScalarType.Int64, device);
    }

    /// <summary>x with rows added where the index says: <c>index_add</c> along the first dimension.</summary>
    internal static Tensor WithRowsAdded(this Tensor x, Tensor index, Tensor rows) => x.index_add(0, index, rows, One);

    /// <summary>x where it is positive, else slope x, as libtorch's own function.</summary>
    internal static Tensor LeakyRelu(this Tensor x, double slope)
    {
        using var scalar = slope.ToScalar();
        return x.leaky_relu(scalar);
    }

    /// <summary>x where it lies above a threshold, else value, as libtorch's own function.</summary>
    internal static Tensor Threshold(this Tensor x, double threshold, double value)
    {
        using var limit = threshold.ToScalar();
        using var other = value.ToScalar();
        return x.threshold(limit, other);
    }
}
