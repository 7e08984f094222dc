using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Python's lists.</summary>
internal static class ListOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("len builtin.len", "self", (_, a) => Count(a[0]));
        table.Add("append", "self el", (run, a) => On(run, a[0], 1, list => Append(list, a[1])));
        table.Add("extend", "self other", (run, a) => Extend(run, a[0], a[1]));
        table.Add(
            "insert",
            "self idx el",
            (run, a) =>
                a[1] is long at
                    ? On(run, a[0], 1, list => list.Insert(Clamped(at, list.Count), Values.Retain(a[2])))
                    : Operation.Unfit
        );
        table.Add("pop", "self idx", (_, a) => Pop(a[0], Take.Or(a[1], -1L)));
        table.Add("clear", "self", (run, a) => On(run, a[0], 0, list => list.Clear()));
        table.Add("reverse", "self", (run, a) => On(run, a[0], 0, list => list.Reverse()));
        table.Add("add", "self other", (run, a) => Joined(run, a[0], a[1]));
        table.Add("mul", "self other", (run, a) => Repeated(run, a[0], a[1]));
        table.Add(
            "list builtin.list copy",
            "self",
            (run, a) => a[0] is List<object?> x ? Copy(run, x) : Operation.Unfit
        );
        table.Add("slice", "self start end step", (run, a) => Slice(run, a));
        table.Add("_set_item", "self idx el", (_, a) => Set(a[0], a[1], a[2]));
        table.Add("sum builtin.sum", "self", (_, a) => Sum(a[0]));
        table.Add(
            "any builtin.any",
            "self",
            (_, a) => All(a[0]) is { } list ? list.Exists(Values.Truth) : Operation.Unfit
        );
        table.Add(
            "all builtin.all",
            "self",
            (_, a) => All(a[0]) is { } list ? list.TrueForAll(Values.Truth) : Operation.Unfit
        );
        table.Add("prim.min builtin.min", "self", (_, a) => Extreme(a[0], -1));
        table.Add("prim.max builtin.max", "self", (_, a) => Extreme(a[0], 1));
        table.Add("sorted builtin.sorted", "self", (run, a) => Sorted(run, a[0]));
        table.Add("builtin.enumerate", "self start", (run, a) => Enumerate(run, a[0], Take.Or(a[1], 0L)));
        table.Add("builtin.zip", "self other", (run, a) => Zip(run, a[0], a[1]));
        table.Add("index", "self el", (_, a) => IndexOf(a[0], a[1]));
        table.Add(
            "count",
            "self el",
            (_, a) =>
                All(a[0]) is { } x ? (long)x.Count(e => ComparisonOperations.Equal(e, a[1]) == true) : Operation.Unfit
        );
    }

    private static List<object?>? All(object? value) => value as List<object?>;

    private static object Count(object? value) =>
        value switch
        {
            List<object?> list => (long)list.Count,
            object?[] tuple => (long)tuple.Length,
            string text => (long)text.Length,
            OrderedDictionary<object, object?> dictionary => (long)dictionary.Count,
            RangeValue range => range.Count,
            _ => Operation.Unfit,
        };

    private static object? On(RunState run, object? value, int grows, Action<List<object?>> change)
    {
        if (value is not List<object?> list)
        {
            return Operation.Unfit;
        }

        run.Grow(8L * grows);
        change(list);
        return null;
    }

    private static void Append(List<object?> list, object? value) => list.Add(Values.Retain(value));

    private static object? Extend(RunState run, object? value, object? more) =>
        more is List<object?> others
            ? On(run, value, others.Count, list => list.AddRange(others.ToArray().Select(Values.Retain)))
            : Operation.Unfit;

    private static object? Pop(object? value, object? index)
    {
        if (value is not List<object?> list || index is not long at)
        {
            return Operation.Unfit;
        }

        int position = Position(at, list.Count);
        object? taken = list[position];
        list.RemoveAt(position);
        return taken;
    }

    private static object Joined(RunState run, object? a, object? b)
    {
        if (a is object?[] first && b is object?[] second)
        {
            return first.Concat(second).Select(Values.Retain).ToArray();
        }

        if (a is not List<object?> left || b is not List<object?> right)
        {
            return Operation.Unfit;
        }

        run.Grow(8L * (left.Count + right.Count));
        return left.Concat(right).Select(Values.Retain).ToList();
    }

    private static object Repeated(RunState run, object? a, object? b)
    {
        var (list, times) = a is List<object?> ? (All(a), b as long?) : (All(b), a as long?);
        if (list is null || times is not { } count)
        {
            return Operation.Unfit;
        }

        count = list.Count == 0 ? 0 : Math.Clamp(count, 0, int.MaxValue);
        run.Grow(8L * list.Count * count);
        return Enumerable.Repeat(list, (int)count).SelectMany(items => items).Select(Values.Retain).ToList();
    }

    private static List<object?> Copy(RunState run, List<object?> list)
    {
        run.Grow(8L * list.Count);
        return [.. list.Select(Values.Retain)];
    }

    private static object Slice(RunState run, object?[] a)
    {
        if (a[0] is not List<object?> list || Take.Or(a[3], 1L) is not long step || step == 0)
        {
            return Operation.Unfit;
        }

        run.Grow(8L * list.Count);
        var slice = new SliceValue(Take.Or(a[1], null) as long?, Take.Or(a[2], null) as long?, step);
        return slice.Of(list.Count).Select(i => Values.Retain(list[i])).ToList();
    }

    private static object? Set(object? container, object? key, object? value)
    {
        switch (container)
        {
            case List<object?> list when key is long at:
                list[Position(at, list.Count)] = Values.Retain(value);
                return null;
            case OrderedDictionary<object, object?> dictionary when key is not null:
                dictionary[key] = Values.Retain(value);
                return null;
            default:
                return Operation.Unfit;
        }
    }

    private static object? Sum(object? value) =>
        value is not List<object?> list || !list.TrueForAll(item => Numbers.Real(item) is not null) ? Operation.Unfit
        : list.TrueForAll(item => item is long or bool)
            ? (object)list.Aggregate(0L, (sum, item) => unchecked(sum + Numbers.Integer(item)!.Value))
        : list.Sum(item => Numbers.Real(item)!.Value);

    private static object? Extreme(object? value, int sign) =>
        value is List<object?> { Count: > 0 } list && list.TrueForAll(item => item is long or double)
            ? list.Aggregate((best, next) => Math.Sign(Numbers.Compare(next, best)) == sign ? next : best)
            : Operation.Unfit;

    private static object Sorted(RunState run, object? value) =>
        value is List<object?> list && list.TrueForAll(item => item is long or double)
            ? Copy(run, list).OrderBy(item => item, Comparer<object?>.Create(Numbers.Compare)).ToList()
            : Operation.Unfit;

    private static object Enumerate(RunState run, object? value, object? start)
    {
        if (value is not List<object?> list || start is not long first)
        {
            return Operation.Unfit;
        }

        run.Grow(24L * list.Count);
        return list.Select((item, i) => (object?)new object?[] { first + i, Values.Retain(item) }).ToList();
    }

    private static object Zip(RunState run, object? a, object? b)
    {
        if (a is not List<object?> first || b is not List<object?> second)
        {
            return Operation.Unfit;
        }

        run.Grow(24L * first.Count);
        return first
            .Zip(second, (x, y) => (object?)new[] { Values.Retain(x), Values.Retain(y) })
            .ToList();
    }

    private static object IndexOf(object? value, object? item) =>
        value is not List<object?> list ? Operation.Unfit
        : list.FindIndex(entry => ComparisonOperations.Equal(entry, item) == true) is >= 0 and var found ? (long)found
        : throw new InvalidCastException("the list has no such element");

    private static int Clamped(long at, int count) => (int)Math.Clamp(at < 0 ? at + count : at, 0, count);

    private static int Position(long at, int count)
    {
        long position = at < 0 ? at + count : at;
        return position >= 0 && position < count
            ? (int)position
            : throw new InvalidCastException($"a list of {count} has no element {at}");
    }
}
