using System.Globalization;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>
/// The values of a run: <see cref="HeldTensor"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>,
/// <see cref="string"/>, null, lists as <see cref="List{T}"/>, tuples as arrays, dictionaries, devices, ranges and
/// objects. Every evaluation hands over a value that its taker holds, and releases when done.
/// </summary>
internal static class Values
{
    /// <summary>One more place holds the value.</summary>
    internal static object? Retain(object? value)
    {
        if (value is HeldTensor held)
        {
            held.Uses++;
        }

        return value;
    }

    /// <summary>One place less holds it; the tensor that no place holds is disposed.</summary>
    internal static void Release(object? value)
    {
        if (value is HeldTensor held && --held.Uses == 0 && !held.IsForeign)
        {
            held.Tensor.Dispose();
        }
    }

    /// <summary>Python's truth of a value.</summary>
    /// <exception cref="InvalidCastException">It has none.</exception>
    internal static bool Truth(object? value) =>
        value switch
        {
            bool truth => truth,
            long integer => integer != 0,
            double real => real != 0,
            string text => text.Length > 0,
            List<object?> list => list.Count > 0,
            object?[] tuple => tuple.Length > 0,
            HeldTensor { Tensor: var tensor } => Truth(tensor),
            null => false,
            _ => throw new InvalidCastException($"{Kind(value)} is neither true nor false"),
        };

    /// <summary>The kind of a value, for messages.</summary>
    internal static string Kind(object? value) =>
        value switch
        {
            null => "None",
            HeldTensor => "a tensor",
            long => "an integer",
            double => "a float",
            bool => "a bool",
            string => "a string",
            List<object?> => "a list",
            object?[] => "a tuple",
            OrderedDictionary<object, object?> => "a dictionary",
            Device => "a device",
            Instance instance => $"an object of {instance.Layout.Name}",
            Unset => "a value that was never set",
            _ => value.GetType().Name,
        };

    /// <summary>The value as Python's <c>str</c> writes it.</summary>
    internal static string Text(object? value) => value as string ?? Written(value, 0);

    private static string Written(object? value, int depth) =>
        value switch
        {
            _ when depth > 20 => "...",
            null => "None",
            bool truth => truth ? "True" : "False",
            long integer => integer.ToString(CultureInfo.InvariantCulture),
            double real => Number(real),
            string text => $"'{text}'",
            List<object?> list => $"[{string.Join(", ", list.Take(100).Select(item => Written(item, depth + 1)))}]",
            object?[] tuple => $"({string.Join(", ", tuple.Select(item => Written(item, depth + 1)))})",
            Device device => device.ToString(),
            Ellipsis => "...",
            HeldTensor held => $"tensor of shape [{string.Join(", ", held.Tensor.shape)}]",
            _ => Kind(value),
        };

    private static string Number(double real)
    {
        string text = real.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return
            double.IsFinite(real) ? text.AsSpan().IndexOfAny(".e") < 0 ? text + ".0" : text
            : double.IsNaN(real) ? "nan"
            : real > 0 ? "inf"
            : "-inf";
    }

    private static bool Truth(Tensor tensor) =>
        tensor.NumberOfElements == 1
            ? tensor.dtype == ScalarType.Bool
                ? tensor.item<bool>()
                : Convert.ToDouble(Numbers.Item(tensor), CultureInfo.InvariantCulture) != 0
            : throw new InvalidCastException(
                $"a tensor of {tensor.NumberOfElements} entries is neither true nor false"
            );
}
