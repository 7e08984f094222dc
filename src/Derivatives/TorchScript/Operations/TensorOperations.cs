using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Common functions of tensors, by TorchSharp's own methods.</summary>
internal static class TensorOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        Unary(table, "tanh", x => x.tanh());
        Unary(table, "sigmoid", x => x.sigmoid());
        Unary(table, "exp", x => x.exp());
        Unary(table, "log", x => x.log());
        Unary(table, "sqrt", x => x.sqrt());
        Unary(table, "rsqrt", x => x.rsqrt());
        Unary(table, "abs", x => x.abs());
        Unary(table, "sin", x => x.sin());
        Unary(table, "cos", x => x.cos());
        Unary(table, "square", x => x.Squared());
        Unary(table, "reciprocal", x => x.reciprocal());
        Unary(table, "silu", x => nn.functional.silu(x));
        Binary(table, "matmul", (x, y) => x.matmul(y));
        Binary(table, "mm", (x, y) => x.mm(y));
        Binary(table, "bmm", (x, y) => x.bmm(y));
        table.Add("cat concat", "tensors dim", (_, a) => Joined(a, cat));
        table.Add("stack", "tensors dim", (_, a) => Joined(a, stack));
        table.Add("sum", "self dim keepdim dtype", (_, a) => Reduced(a, x => x.sum(), (x, d, k) => x.sum(d, k)));
        table.Add("mean", "self dim keepdim dtype", (_, a) => Reduced(a, x => x.mean(), (x, d, k) => x.mean(d, k)));
        table.Add("softmax", "self dim dtype", (_, a) => Normalised(a, (x, dim) => nn.functional.softmax(x, dim)));
        table.Add(
            "log_softmax",
            "self dim dtype",
            (_, a) => Normalised(a, (x, dim) => nn.functional.log_softmax(x, dim))
        );
    }

    private static void Unary(OperationTable table, string name, Func<Tensor, Tensor> function) =>
        table.Add(name, "self", (_, a) => a[0] is HeldTensor x ? new HeldTensor(function(x.Tensor)) : Operation.Unfit);

    private static void Binary(OperationTable table, string name, Func<Tensor, Tensor, Tensor> function) =>
        table.Add(
            name,
            "self other",
            (_, a) => a is [HeldTensor x, HeldTensor y] ? new HeldTensor(function(x.Tensor, y.Tensor)) : Operation.Unfit
        );

    private static object Joined(object?[] a, Func<IList<Tensor>, long, Tensor> function) =>
        Take.Tensors(a[0]) is { } tensors && Take.Or(a[1], 0L) is long dim
            ? new HeldTensor(function(tensors, dim))
            : Operation.Unfit;

    private static object Reduced(
        object?[] a,
        Func<Tensor, Tensor> all,
        Func<Tensor, long[], bool, Tensor> some
    ) =>
        a[0] is not HeldTensor x || Take.Or(a[3], null) is not null ? Operation.Unfit
        : Take.IsUnset(a[1]) && Take.IsUnset(a[2]) ? new HeldTensor(all(x.Tensor))
        : (a[1] is long one ? [one] : Take.Integers(a[1])) is { Length: > 0 } dims && Take.Or(a[2], false) is bool keep
            ? new HeldTensor(some(x.Tensor, dims, keep))
        : Operation.Unfit;

    private static object Normalised(object?[] a, Func<Tensor, long, Tensor> function) =>
        a is [HeldTensor x, long dim, var type] && Take.Or(type, null) is null
            ? new HeldTensor(function(x.Tensor, dim))
            : Operation.Unfit;
}
