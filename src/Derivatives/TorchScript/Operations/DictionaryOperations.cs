using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Python's dictionaries.</summary>
internal static class DictionaryOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("keys", "self", (run, a) => Listed(run, a[0], pair => pair.Key));
        table.Add("values", "self", (run, a) => Listed(run, a[0], pair => Values.Retain(pair.Value)));
        table.Add("items", "self", (run, a) => Listed(run, a[0], Pair));
        table.Add("get", "self key default_value", (_, a) => Get(a[0], a[1], Take.Or(a[2], null)));
        table.Add(
            "__getitem__",
            "self key",
            (_, a) =>
                a[0] is OrderedDictionary<object, object?> x && a[1] is { } key && x.TryGetValue(key, out object? value)
                    ? Values.Retain(value)
                    : Operation.Unfit
        );
    }

    private static object Listed(
        RunState run,
        object? value,
        Func<KeyValuePair<object, object?>, object?> part
    )
    {
        if (value is not OrderedDictionary<object, object?> dictionary)
        {
            return Operation.Unfit;
        }

        run.Grow(24L * dictionary.Count);
        return dictionary.Select(part).ToList();
    }

    private static object?[] Pair(KeyValuePair<object, object?> pair) => [pair.Key, Values.Retain(pair.Value)];

    private static object? Get(object? value, object? key, object? otherwise) =>
        value is not OrderedDictionary<object, object?> dictionary || key is null ? Operation.Unfit
        : Values.Retain(dictionary.TryGetValue(key, out object? found) ? found : otherwise);
}
