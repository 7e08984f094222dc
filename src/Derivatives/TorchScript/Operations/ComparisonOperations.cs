using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Comparisons of numbers, strings, lists and tensors with each other.</summary>
internal static class ComparisonOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("eq", "self other", (_, a) => Equal(a[0], a[1]) is { } equal ? equal : Operation.Unfit);
        table.Add("ne", "self other", (_, a) => Equal(a[0], a[1]) is { } equal ? !equal : Operation.Unfit);
        Ordered(table, "lt", "gt", order => order < 0);
        Ordered(table, "gt", "lt", order => order > 0);
        Ordered(table, "le", "ge", order => order <= 0);
        Ordered(table, "ge", "le", order => order >= 0);
        table.Add("__is__", "self other", (_, a) => Same(a[0], a[1]));
        table.Add("__isnot__", "self other", (_, a) => !Same(a[0], a[1]));
        table.Add("__contains__", "self item", (_, a) => Contains(a[0], a[1]));
    }

    /// <summary>Python's equality; null where it is libtorch's matter.</summary>
    internal static bool? Equal(object? a, object? b)
    {
        switch (a, b)
        {
            case (HeldTensor, _) or (_, HeldTensor):
                return null;
            case (List<object?> x, List<object?> y):
                return Equal(x, y);
            case (object?[] x, object?[] y):
                return Equal(x, y);
            case (Device x, Device y):
                return x.type == y.type && x.index == y.index;
            case (List<object?> x, object?[] y):
                return Equal(x, y);
            case (object?[] x, List<object?> y):
                return Equal(x, y);
            default:
                return Numbers.Real(a) is { } p && Numbers.Real(b) is { } q
                    ? Numbers.Integer(a) is { } i && Numbers.Integer(b) is { } j ? i == j : p == q
                    : Equals(a, b);
        }
    }

    private static bool? Equal(IReadOnlyList<object?> a, IReadOnlyList<object?> b)
    {
        bool? equal = a.Count == b.Count;
        for (int i = 0; equal == true && i < a.Count; i++)
        {
            equal = ReferenceEquals(a[i], b[i]) ? true : Equal(a[i], b[i]);
        }

        return equal;
    }

    private static void Ordered(OperationTable table, string name, string mirrored, Func<int, bool> holds)
    {
        var other = new GenericOperation(mirrored, [null, null]);
        table.Add(
            name,
            "self other",
            (_, a) =>
                (a[0], a[1]) switch
                {
                    (long x, long y) => holds(x.CompareTo(y)),
                    (string x, string y) => holds(string.CompareOrdinal(x, y)),
                    (long or double or bool, HeldTensor y) => other.Invoke(y, a[0]),
                    _ when Numbers.Real(a[0]) is { } x && Numbers.Real(a[1]) is { } y => !double.IsNaN(x)
                        && !double.IsNaN(y)
                        && holds(x.CompareTo(y)),
                    _ => Operation.Unfit,
                }
        );
    }

    private static bool Same(object? a, object? b) =>
        ReferenceEquals(a, b)
        || (a, b) switch
        {
            (HeldTensor x, HeldTensor y) => x.Tensor.Handle == y.Tensor.Handle,
            (bool x, bool y) => x == y,
            _ => false,
        };

    private static object Contains(object? container, object? item) =>
        container switch
        {
            string text when item is string part => text.Contains(part, StringComparison.Ordinal),
            List<object?> list => list.Exists(entry => Equal(entry, item) == true),
            object?[] tuple => Array.Exists(tuple, entry => Equal(entry, item) == true),
            OrderedDictionary<object, object?> dictionary => item is not null && dictionary.ContainsKey(item),
            _ => Operation.Unfit,
        };
}
