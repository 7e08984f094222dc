using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Reads the values that an operation is given.</summary>
internal static class Take
{
    /// <summary>Whether a value is not given.</summary>
    internal static bool IsUnset(object? value) => ReferenceEquals(value, Unset.Value);

    /// <summary>The value, or what stands for it where it is not given.</summary>
    internal static object? Or(object? value, object? otherwise) => IsUnset(value) ? otherwise : value;

    /// <summary>A tensor, or null where it is None or not given.</summary>
    internal static bool TryOptional(object? value, out Tensor? tensor)
    {
        tensor = (value as HeldTensor)?.Tensor;
        return tensor is not null || value is null || IsUnset(value);
    }

    /// <summary>A list or tuple of integers.</summary>
    internal static long[]? Integers(object? value) =>
        value switch
        {
            List<object?> list when list.TrueForAll(item => item is long) => Unboxed(list),
            object?[] tuple when Array.TrueForAll(tuple, item => item is long) => Unboxed(tuple),
            _ => null,
        };

    /// <summary>A list of integers, or one integer for each of some dimensions, or the default.</summary>
    internal static long[]? Sizes(object? value, int dimensions, long otherwise) =>
        value is long one ? Filled(dimensions, one)
        : IsUnset(value) ? Filled(dimensions, otherwise)
        : Integers(value) is not { } given ? null
        : given.Length == 1 ? Filled(dimensions, given[0])
        : given.Length == dimensions ? given
        : null;

    /// <summary>The tensors of a list, at least one.</summary>
    internal static Tensor[]? Tensors(object? value) =>
        value is List<object?> list && GenericArguments.IsTensorList(list)
            ? [.. list.Select(item => ((HeldTensor)item!).Tensor)]
            : null;

    /// <summary>A new list of integers.</summary>
    internal static List<object?> List(IEnumerable<long> integers) => [.. integers.Select(item => (object?)item)];

    private static long[] Filled(int count, long value)
    {
        long[] filled = new long[count];
        Array.Fill(filled, value);
        return filled;
    }

    private static long[] Unboxed(IReadOnlyList<object?> items)
    {
        long[] integers = new long[items.Count];
        for (int i = 0; i < integers.Length; i++)
        {
            integers[i] = (long)items[i]!;
        }

        return integers;
    }
}
