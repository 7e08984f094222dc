using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Subscripts of tensors and of slices, as Python writes them.</summary>
internal static class IndexOperations
{
    private static readonly GenericOperation ByTensors = new("index", [null, null]);
    private static readonly GenericOperation PutByTensors = new("index_put_", [null, null, null]);

    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("subscript", "self index", (run, a) => Get(run, a[0], a[1]));
        table.Add("index_store", "self index value", (_, a) => Set(a[0], a[1], a[2]));
        table.Add("__getitem__", "self index", (run, a) => Get(run, a[0], a[1]));
    }

    private static object? Get(RunState run, object? container, object? index)
    {
        switch (container)
        {
            case List<object?> list when index is SliceValue slice:
                run.Grow(8L * list.Count);
                return slice.Of(list.Count).Select(i => Values.Retain(list[i])).ToList();
            case List<object?> list when index is long at:
                return Values.Retain(list[Position(at, list.Count)]);
            case object?[] tuple when index is SliceValue slice:
                return slice.Of(tuple.Length).Select(i => Values.Retain(tuple[i])).ToArray();
            case object?[] tuple when index is long at:
                return Values.Retain(tuple[Position(at, tuple.Length)]);
            case string text when index is SliceValue slice:
                return string.Concat(slice.Of(text.Length).Select(i => text[i]));
            case string text when index is long at:
                return text[Position(at, text.Length)].ToString();
            case HeldTensor held:
                held.IsShared = true;
                var (view, tensors) = TensorSubscript.View(held.Tensor, index);
                object? result = new HeldTensor(view) { IsShared = true, SharesForeign = held.SharesForeign };
                return tensors is null ? result : ByTensors.Invoke(result, tensors);
            default:
                return Operation.Unfit;
        }
    }

    private static object? Set(object? container, object? index, object? value)
    {
        if (container is not HeldTensor held)
        {
            return Operation.Unfit;
        }

        var (view, tensors) = TensorSubscript.View(held.Tensor, index);
        var filled = value as HeldTensor ?? new HeldTensor(Filled(view, value));
        if (tensors is null)
        {
            view.copy_(filled.Tensor);
        }
        else
        {
            Values.Release(PutByTensors.Invoke(new HeldTensor(view), tensors, filled));
        }

        return null;
    }

    private static Tensor Filled(Tensor view, object? value)
    {
        using var number = Numbers.ToScalar(value);
        return number is null
            ? throw new InvalidCastException($"{Values.Kind(value)} cannot be stored in a tensor")
            : full([], number, view.dtype, view.device);
    }

    private static int Position(long at, int count)
    {
        long position = at < 0 ? at + count : at;
        return position >= 0 && position < count
            ? (int)position
            : throw new InvalidCastException($"element {at} of {count} does not exist");
    }
}
