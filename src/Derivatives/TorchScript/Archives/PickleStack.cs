using System.Runtime.InteropServices;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The stack of an unpickler with its marks; what it takes is counted.</summary>
/// <param name="input">Says where a fault is, and counts memory.</param>
internal sealed class PickleStack(PickleInput input)
{
    private const int SlotCost = 32;
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];

    /// <summary>How many values it holds.</summary>
    internal int Count => _values.Count;

    // Nothing below the last mark may be taken before the mark itself is.
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    internal void Push(object? value)
    {
        input.Charge(SlotCost);
        _values.Add(value);
    }

    internal object? Peek() => _values.Count > Floor ? _values[^1] : throw Empty();

    internal object? Pop()
    {
        object? top = Peek();
        _values.RemoveAt(_values.Count - 1);
        return top;
    }

    /// <summary>Takes as many values as a tuple is to have.</summary>
    internal object?[] Pop(int count)
    {
        if (_values.Count - Floor < count)
        {
            throw Empty();
        }

        return Take(_values.Count - count);
    }

    internal void Mark()
    {
        input.Charge(SlotCost);
        _marks.Add(_values.Count);
    }

    /// <summary>Takes the last mark and the values above it.</summary>
    internal object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw input.Damage("the stack of the pickle has no mark");
        }

        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return Take(start);
    }

    private object?[] Take(int start)
    {
        int count = _values.Count - start;
        input.Charge(24 + (8L * count));
        object?[] taken = count == 0 ? [] : [.. CollectionsMarshal.AsSpan(_values)[start..]];
        _values.RemoveRange(start, count);
        return taken;
    }

    private DerivativeException Empty() => input.Damage("the stack of the pickle is empty");
}
