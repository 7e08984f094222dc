using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>What TorchScript itself adds: attributes of tensors, checks, ranges.</summary>
internal static class PrimitiveOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("prim.dtype dtype", "self", (_, a) => a[0] is HeldTensor x ? (long)x.Tensor.dtype : Operation.Unfit);
        table.Add("prim.device", "self", (_, a) => a[0] is HeldTensor x ? x.Tensor.device : Operation.Unfit);
        table.Add(
            "prim.type",
            "self",
            (_, a) => a[0] is Device device ? device.type.ToString().ToLowerInvariant() : Operation.Unfit
        );
        table.Add("prim.layout layout", "self", (_, a) => a[0] is HeldTensor ? 0L : Operation.Unfit);
        table.Add(
            "prim.is_cuda is_cuda",
            "self",
            (_, a) => a[0] is HeldTensor x ? x.Tensor.device_type == TorchSharp.DeviceType.CUDA : Operation.Unfit
        );
        table.Add(
            "prim.is_cpu is_cpu",
            "self",
            (_, a) => a[0] is HeldTensor x ? x.Tensor.device_type == TorchSharp.DeviceType.CPU : Operation.Unfit
        );
        table.Add(
            "prim.is_nested is_nested prim.is_sparse is_sparse prim.is_mkldnn is_mkldnn prim.is_quantized is_quantized "
                + "prim.is_xpu prim.is_mps prim.is_meta prim.is_vulkan prim.is_ipu prim.is_ort prim.is_mtia",
            "self",
            (_, a) => a[0] is HeldTensor ? false : Operation.Unfit
        );

        // A model takes the same path whether or not gradients are recorded: the path that has derivatives.
        table.Add(
            "prim.requires_grad requires_grad",
            "self",
            (_, a) => a[0] is HeldTensor x ? x.Tensor.is_floating_point() : Operation.Unfit
        );
        table.Add("is_grad_enabled", "", (_, _) => true);
        table.Add("is_autocast_enabled is_scripting jit.is_scripting jit.is_tracing", "", (_, _) => false);
        table.Add("prim.NumToTensor", "a", (_, a) => ToTensor(a[0]));
        table.Add(
            "prim.unchecked_unwrap_optional _unwrap_optional prim.unchecked_cast",
            "a",
            (_, a) => Values.Retain(a[0])
        );
        table.Add("prim.RaiseException", "message kind", (_, a) => throw Raised(a[0]));
        table.Add("prim.Print builtin.print", "a b c d e f g h", (_, _) => null);
        table.Add(
            "device",
            "name index",
            (run, a) => a[0] is string ? run.Device : a[0] is HeldTensor x ? x.Tensor.device : Operation.Unfit
        );
        table.Add("builtin.range", "start stop step", (_, a) => Range(a));
        table.Add(
            "__range_length",
            "lo hi step",
            (_, a) => a is [long, long, long] ? Range(a).Count : Operation.Unfit
        );
        table.Add(
            "__derive_index",
            "i start step",
            (_, a) => a is [long i, long start, long step] ? start + (i * step) : Operation.Unfit
        );
        table.Add(
            "builtin.tuple",
            "self",
            (_, a) => a[0] is List<object?> x ? x.Select(Values.Retain).ToArray() : Operation.Unfit
        );
        table.Add("annotate", "kind self", (_, a) => Annotated(a[0], a[1]));
        table.Add(
            "is_floating_point",
            "self",
            (_, a) => a[0] is HeldTensor x ? x.Tensor.is_floating_point() : Operation.Unfit
        );
    }

    private static RangeValue Range(object?[] a)
    {
        var range =
            Take.IsUnset(a[1]) ? a[0] is long only ? new RangeValue(0, only, 1) : null
            : a[0] is long start && a[1] is long stop && Take.Or(a[2], 1L) is long step and not 0
                ? new RangeValue(start, stop, step)
            : null;
        return range ?? throw new InvalidCastException("a range needs integers, and a step that is not 0");
    }

    private static object ToTensor(object? value) =>
        value switch
        {
            long integer => new HeldTensor(tensor(integer)),
            double real => new HeldTensor(tensor(real)),
            bool truth => new HeldTensor(tensor(truth)),
            _ => Operation.Unfit,
        };

    // The language writes a tensor's conversion to a number as an annotation.
    private static object? Annotated(object? kind, object? value) =>
        (kind, value) switch
        {
            ("int", HeldTensor x) => Convert.ToInt64(Numbers.Item(x.Tensor), null),
            ("float", HeldTensor x) => Convert.ToDouble(Numbers.Item(x.Tensor), null),
            ("number", HeldTensor x) => Numbers.Item(x.Tensor),
            _ => Values.Retain(value),
        };

    private static DerivativeException Raised(object? message) =>
        new(
            DerivativeErrorKind.InvalidArgument,
            $"the model raises: {Values.Text(message).ReplaceLineEndings(" ")}"
        );
}
