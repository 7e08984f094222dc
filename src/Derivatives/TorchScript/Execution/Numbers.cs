using TorchSharp;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>Numbers of Python and of libtorch.</summary>
internal static class Numbers
{
    /// <summary>A tensor's one entry as a <see cref="long"/>, <see cref="double"/> or <see cref="bool"/>.</summary>
    /// <exception cref="InvalidCastException">It has another number of entries, or complex ones.</exception>
    internal static object Item(Tensor tensor)
    {
        if (tensor.NumberOfElements != 1)
        {
            throw new InvalidCastException($"a tensor of {tensor.NumberOfElements} entries is no number");
        }

        using var scalar = tensor.ToScalar();
        return Of(scalar);
    }

    /// <summary>What a scalar of libtorch holds.</summary>
    internal static object Of(Scalar scalar) =>
        scalar.Type switch
        {
            ScalarType.Bool => scalar.ToBoolean(),
            ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16 =>
                scalar.ToDouble(),
            ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 => throw new InvalidCastException(
                "complex numbers are not supported"
            ),
            _ => scalar.ToInt64(),
        };

    /// <summary>A number as a <see cref="double"/>; null for what is no number.</summary>
    internal static double? Real(object? value) =>
        value switch
        {
            double real => real,
            long integer => integer,
            bool truth => truth ? 1 : 0,
            _ => null,
        };

    /// <summary>
    /// A number as libtorch's, of its own kind: a whole number beyond 2⁵³ is no <see cref="double"/>. The caller
    /// disposes it. Null for what is no number.
    /// </summary>
    internal static Scalar? ToScalar(object? value) =>
        value switch
        {
            double real => real.ToScalar(),
            long integer => integer.ToScalar(),
            bool truth => truth.ToScalar(),
            _ => null,
        };

    /// <summary>How two numbers compare, whole ones without rounding.</summary>
    internal static int Compare(object? a, object? b) =>
        Integer(a) is { } x && Integer(b) is { } y
            ? x.CompareTo(y)
            : Real(a).GetValueOrDefault().CompareTo(Real(b).GetValueOrDefault());

    /// <summary>An integer or a truth as a <see cref="long"/>; null for anything else.</summary>
    internal static long? Integer(object? value) =>
        value switch
        {
            long integer => integer,
            bool truth => truth ? 1 : 0,
            _ => null,
        };

    /// <summary>⌊a/b⌋.</summary>
    internal static long FloorDivide(long a, long b) =>
        b == -1 ? unchecked(-a) : (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);

    /// <summary>a − ⌊a/b⌋·b, with the sign of b.</summary>
    internal static long Remainder(long a, long b)
    {
        long rest = b == -1 ? 0 : a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    /// <summary>As <see cref="Remainder(long, long)"/>.</summary>
    internal static double Remainder(double a, double b)
    {
        double rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }
}
