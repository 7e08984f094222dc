using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Python's strings.</summary>
internal static class TextOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("str builtin.str", "self", (run, a) => Counted(run, Values.Text(a[0])));
        table.Add(
            "add",
            "self other",
            (run, a) => a is [string x, string y, ..] ? Counted(run, x + y) : Operation.Unfit
        );
        table.Add("mul", "self other", (run, a) => a is [string x, long n, ..] ? Repeated(run, x, n) : Operation.Unfit);
        table.Add("format", "self a b c d e f g h", (run, a) => a[0] is string x ? Format(run, x, a) : Operation.Unfit);
        table.Add(
            "join",
            "self values",
            (run, a) => a is [string x, List<object?> y] ? Counted(run, string.Join(x, y)) : Operation.Unfit
        );
        table.Add("lower", "self", (run, a) => a[0] is string x ? Counted(run, x.ToLowerInvariant()) : Operation.Unfit);
        table.Add("upper", "self", (run, a) => a[0] is string x ? Counted(run, x.ToUpperInvariant()) : Operation.Unfit);
        table.Add("strip", "self", (run, a) => a[0] is string x ? Counted(run, x.Trim()) : Operation.Unfit);
        table.Add(
            "startswith",
            "self part",
            (_, a) => a is [string x, string y] ? x.StartsWith(y, StringComparison.Ordinal) : Operation.Unfit
        );
        table.Add(
            "endswith",
            "self part",
            (_, a) => a is [string x, string y] ? x.EndsWith(y, StringComparison.Ordinal) : Operation.Unfit
        );
        table.Add(
            "replace",
            "self old new",
            (run, a) =>
                a is [string x, string { Length: > 0 } y, string z]
                    ? Counted(run, x.Replace(y, z, StringComparison.Ordinal))
                    : Operation.Unfit
        );
        table.Add(
            "find",
            "self part start end",
            (_, a) => a is [string x, string y, ..] ? Find(x, y, a) : Operation.Unfit
        );
    }

    private static string Counted(RunState run, string text)
    {
        run.Grow(2L * text.Length);
        return text;
    }

    private static string Repeated(RunState run, string text, long times)
    {
        int count = text.Length == 0 ? 0 : (int)Math.Clamp(times, 0, int.MaxValue);
        run.Grow(2L * text.Length * count);
        return string.Concat(Enumerable.Repeat(text, count));
    }

    private static string Format(RunState run, string format, object?[] a)
    {
        string[] parts = format.Split("{}");
        var text = new System.Text.StringBuilder(parts[0]);
        for (int i = 1; i < parts.Length; i++)
        {
            object? value = i < a.Length ? a[i] : Unset.Value;
            text.Append(Take.IsUnset(value) ? "{}" : Values.Text(value)).Append(parts[i]);
            run.Grow(2L * text.Length);
        }

        return text.ToString();
    }

    private static long Find(string text, string part, object?[] a)
    {
        long start = Take.Or(a[2], 0L) is long from ? Math.Clamp(from, 0, text.Length) : 0;
        long end = Take.Or(a[3], (long)text.Length) is long to && to >= 0 ? Math.Min(to, text.Length) : text.Length;
        int found = end < start ? -1 : text.IndexOf(part, (int)start, (int)(end - start), StringComparison.Ordinal);
        return found;
    }
}
