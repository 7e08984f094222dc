using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Arithmetic of tensors with tensors and with numbers.</summary>
internal static class ArithmeticOperations
{
    private static readonly GenericOperation FloorDivide = new("floor_divide", [null, null]);

    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("add", "self other alpha", (_, a) => IsOne(a[2]) ? Add(a[0], a[1]) : Operation.Unfit);
        table.Add("sub", "self other alpha", (_, a) => IsOne(a[2]) ? Subtract(a[0], a[1]) : Operation.Unfit);
        table.Add("mul", "self other", (_, a) => Multiply(a[0], a[1]));
        table.Add(
            "div",
            "self other rounding_mode",
            (_, a) => Take.Or(a[2], null) is null ? Divide(a[0], a[1]) : Operation.Unfit
        );
        table.Add("rsub", "self other alpha", (_, a) => IsOne(a[2]) ? Subtract(a[1], a[0]) : Operation.Unfit);
        table.Add("pow", "self exponent", (_, a) => Power(a[0], a[1]));
        table.Add("neg", "self", (_, a) => a[0] is HeldTensor x ? new HeldTensor(x.Tensor.neg()) : Operation.Unfit);
        table.Add(
            "floordiv",
            "self other",
            (_, a) => a[0] is HeldTensor ? FloorDivide.Invoke(a[0], a[1]) : Operation.Unfit
        );
        table.Add("mod", "self other", (_, a) => a[0] is HeldTensor ? Remainder(a[0], a[1]) : Operation.Unfit);
    }

    private static bool IsOne(object? alpha) => Take.IsUnset(alpha) || alpha is 1L;

    private static object? Add(object? a, object? b) =>
        (a, b) switch
        {
            (HeldTensor x, HeldTensor y) => new HeldTensor(x.Tensor.Plus(y.Tensor)),
            (HeldTensor x, long or double) => Scaled(b, x.Tensor.Plus),
            (long or double, HeldTensor y) => Scaled(a, y.Tensor.Plus),
            _ => Operation.Unfit,
        };

    private static object? Subtract(object? a, object? b) =>
        (a, b) switch
        {
            (HeldTensor x, HeldTensor y) => new HeldTensor(x.Tensor.sub(y.Tensor)),
            (HeldTensor x, long or double) => Scaled(b, x.Tensor.sub),
            (long or double, HeldTensor y) => Reversed(y, negative => Scaled(a, negative.Plus), t => t.neg()),
            _ => Operation.Unfit,
        };

    private static object? Multiply(object? a, object? b) =>
        (a, b) switch
        {
            (HeldTensor x, HeldTensor y) => new HeldTensor(x.Tensor.mul(y.Tensor)),
            (HeldTensor x, long or double) => Scaled(b, x.Tensor.mul),
            (long or double, HeldTensor y) => Scaled(a, y.Tensor.mul),
            _ => Operation.Unfit,
        };

    private static object? Divide(object? a, object? b) =>
        (a, b) switch
        {
            (HeldTensor x, HeldTensor y) => new HeldTensor(x.Tensor.div(y.Tensor)),
            (HeldTensor x, long or double) => Scaled(b, s => x.Tensor.div(s)),
            (long or double, HeldTensor y) => Reversed(y, inverse => Scaled(a, inverse.mul), t => t.reciprocal()),
            _ => Operation.Unfit,
        };

    private static object? Power(object? a, object? b) =>
        (a, b) switch
        {
            (HeldTensor x, HeldTensor y) => new HeldTensor(x.Tensor.pow(y.Tensor)),
            (HeldTensor x, long or double) => Scaled(b, s => x.Tensor.pow(s)),
            _ => Operation.Unfit,
        };

    private static object? Remainder(object? a, object? b) =>
        (a, b) switch
        {
            (HeldTensor x, HeldTensor y) => new HeldTensor(x.Tensor.remainder(y.Tensor)),
            (HeldTensor x, long or double) => Scaled(b, x.Tensor.remainder),
            _ => Operation.Unfit,
        };

    private static HeldTensor Scaled(object? number, Func<Scalar, Tensor> operation)
    {
        using var scalar = Numbers.ToScalar(number)!;
        return new HeldTensor(operation(scalar));
    }

    private static HeldTensor Reversed(HeldTensor y, Func<Tensor, HeldTensor> then, Func<Tensor, Tensor> first)
    {
        using var reversed = first(y.Tensor);
        return then(reversed);
    }
}
