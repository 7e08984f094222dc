using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Shapes of tensors, and views of them.</summary>
internal static class ShapeOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("dim prim.ndim ndim", "self", (_, a) => a[0] is HeldTensor x ? x.Tensor.dim() : Operation.Unfit);
        table.Add("numel", "self", (_, a) => a[0] is HeldTensor x ? x.Tensor.numel() : Operation.Unfit);
        table.Add("size prim.shape shape", "self dim", (run, a) => Size(run, a));
        table.Add("len builtin.len", "self", (_, a) => a[0] is HeldTensor x ? x.Tensor.shape[0] : Operation.Unfit);
        table.Add("t T numpy_T", "self", (_, a) => View(a[0], x => x.dim() <= 2 ? x.t() : null));
        table.Add("contiguous", "self", (_, a) => View(a[0], x => x.contiguous()));
        table.Add("detach prim.data data", "self", (_, a) => View(a[0], x => x.detach()));
        table.Add(
            "clone",
            "self memory_format",
            (_, a) => a[1] is Unset or null ? View(a[0], x => x.clone()) : Operation.Unfit
        );
        table.Add(
            "transpose",
            "self dim0 dim1",
            (_, a) => a is [_, long i, long j] ? View(a[0], x => x.transpose(i, j)) : Operation.Unfit
        );
        table.Add("permute", "self dims", (_, a) => Sized(a, (x, sizes) => x.permute(sizes)));
        table.Add("view", "self size", (_, a) => Sized(a, (x, sizes) => x.view(sizes)));
        table.Add("reshape", "self shape", (_, a) => Sized(a, (x, sizes) => x.reshape(sizes)));
        table.Add("expand", "self size implicit", (_, a) => Sized(a, (x, sizes) => x.expand(sizes)));
        table.Add(
            "flatten",
            "self start_dim end_dim",
            (_, a) =>
                (Take.Or(a[1], 0L), Take.Or(a[2], -1L)) is (long start, long end)
                    ? View(a[0], x => x.flatten(start, end))
                    : Operation.Unfit
        );
        table.Add(
            "unsqueeze",
            "self dim",
            (_, a) => a[1] is long dim ? View(a[0], x => x.unsqueeze(dim)) : Operation.Unfit
        );
        table.Add(
            "squeeze",
            "self dim",
            (_, a) => a[1] is long dim ? View(a[0], x => x.squeeze(dim)) : Operation.Unfit
        );
        table.Add(
            "select",
            "self dim index",
            (_, a) => a is [_, long dim, long index] ? View(a[0], x => x.select(dim, index)) : Operation.Unfit
        );
        table.Add("slice", "self dim start end step", (_, a) => Slice(a));
    }

    private static object Size(RunState run, object?[] a)
    {
        if (a[0] is not HeldTensor x)
        {
            return Operation.Unfit;
        }

        long[] shape = x.Tensor.shape;
        if (Take.IsUnset(a[1]))
        {
            run.Grow(8L * shape.Length);
            return Take.List(shape);
        }

        return a[1] is long dim && dim >= -shape.Length && dim < shape.Length
            ? shape[dim < 0 ? dim + shape.Length : dim]
            : Operation.Unfit;
    }

    private static object Slice(object?[] a)
    {
        if (
            a[0] is not HeldTensor x
            || Take.Or(a[1], 0L) is not long dim
            || (Take.Or(a[2], null) ?? 0L) is not long start
            || (Take.Or(a[3], null) ?? long.MaxValue) is not long end
            || Take.Or(a[4], 1L) is not long step
        )
        {
            return Operation.Unfit;
        }

        return new HeldTensor(x.Tensor.slice(dim, start, end, step));
    }

    private static object Sized(object?[] a, Func<Tensor, long[], Tensor> function) =>
        a[0] is HeldTensor x && Take.Integers(a[1]) is { } sizes && (a.Length == 2 || a[2] is Unset or false)
            ? new HeldTensor(function(x.Tensor, sizes))
            : Operation.Unfit;

    private static object View(object? value, Func<Tensor, Tensor?> function) =>
        value is HeldTensor x && function(x.Tensor) is { } result ? new HeldTensor(result) : Operation.Unfit;
}
