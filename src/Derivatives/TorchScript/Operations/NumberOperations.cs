using System.Globalization;
using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Arithmetic of Python's integers and floats.</summary>
internal static class NumberOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        Both(table, "add", (a, b) => unchecked(a + b), (a, b) => a + b);
        Both(table, "sub", (a, b) => unchecked(a - b), (a, b) => a - b);
        Both(table, "mul", (a, b) => unchecked(a * b), (a, b) => a * b);
        Both(table, "floordiv", (a, b) => Numbers.FloorDivide(a, NotZero(b)), (a, b) => Math.Floor(a / b));
        Both(table, "remainder mod", (a, b) => Numbers.Remainder(a, NotZero(b)), Numbers.Remainder);
        Both(table, "prim.min builtin.min", Math.Min, (a, b) => b < a ? b : a);
        Both(table, "prim.max builtin.max", Math.Max, (a, b) => b > a ? b : a);
        table.Add("div", "self other", (_, a) => Reals(a, (x, y) => x / y));
        table.Add("pow", "self exponent", (_, a) => Power(a[0], a[1]));
        table.Add("neg", "self", (_, a) => One(a[0], x => unchecked(-x), x => -x));
        table.Add(
            "abs prim.abs builtin.abs",
            "self",
            (_, a) => One(a[0], x => x == long.MinValue ? x : Math.Abs(x), Math.Abs)
        );
        table.Add("sqrt", "self", (_, a) => Real(a[0], Math.Sqrt));
        table.Add("exp", "self", (_, a) => Real(a[0], Math.Exp));
        table.Add("log", "self", (_, a) => Real(a[0], Math.Log));
        table.Add("sin", "self", (_, a) => Real(a[0], Math.Sin));
        table.Add("cos", "self", (_, a) => Real(a[0], Math.Cos));
        table.Add("tanh", "self", (_, a) => Real(a[0], Math.Tanh));
        table.Add("floor", "self", (_, a) => Whole(a[0], Math.Floor));
        table.Add("ceil", "self", (_, a) => Whole(a[0], Math.Ceiling));
        table.Add("round builtin.round", "self", (_, a) => a[0] is long ? a[0] : Real(a[0], Math.Round));
        table.Add("Int builtin.int IntImplicit", "self", (_, a) => Integer(a[0]));
        table.Add("Float builtin.float FloatImplicit", "self", (_, a) => Float(a[0]));
        table.Add("Bool builtin.bool", "self", (_, a) => Values.Truth(a[0]));
        table.Add("ScalarImplicit item", "self", (_, a) => a[0] is HeldTensor x ? Numbers.Item(x.Tensor) : a[0]);
        table.Add("__and__", "self other", (_, a) => Bits(a, (x, y) => x & y, (x, y) => x && y));
        table.Add("__or__", "self other", (_, a) => Bits(a, (x, y) => x | y, (x, y) => x || y));
        table.Add("__xor__", "self other", (_, a) => Bits(a, (x, y) => x ^ y, (x, y) => x != y));
        table.Add("__lshift__", "self other", (_, a) => Bits(a, (x, y) => y > 63 ? 0 : x << (int)y, null));
        table.Add("__rshift__", "self other", (_, a) => Bits(a, (x, y) => x >> (int)Math.Min(y, 63), null));
        table.Add("__not__", "self", (_, a) => a[0] is HeldTensor ? Operation.Unfit : !Values.Truth(a[0]));
        table.Add("bitwise_not", "self", (_, a) => a[0] is long x ? ~x : Operation.Unfit);
    }

    private static void Both(
        OperationTable table,
        string names,
        Func<long, long, long> integers,
        Func<double, double, double> reals
    ) =>
        table.Add(
            names,
            "self other",
            (_, a) =>
                Numbers.Integer(a[0]) is { } x && Numbers.Integer(a[1]) is { } y
                    ? integers(x, y)
                    : Reals(a, reals)
        );

    private static object Reals(object?[] a, Func<double, double, double> function) =>
        Numbers.Real(a[0]) is { } x && Numbers.Real(a[1]) is { } y ? function(x, y) : Operation.Unfit;

    private static object One(object? value, Func<long, long> integer, Func<double, double> real) =>
        Numbers.Integer(value) is { } x ? integer(x) : Real(value, real);

    private static object Real(object? value, Func<double, double> function) =>
        Numbers.Real(value) is { } x ? function(x) : Operation.Unfit;

    private static object Whole(object? value, Func<double, double> function) =>
        Numbers.Real(value) is { } x ? Truncated(function(x)) : Operation.Unfit;

    private static object Power(object? a, object? b) =>
        a is long x && b is long and >= 0 and var y
            ? System.Numerics.BigInteger.Pow(x, (int)Math.Min(y, 64)) is var power
            && y <= 64
            && power >= long.MinValue
            && power <= long.MaxValue
                ? (long)power
                : throw new InvalidCastException("an integer power has more than 64 bits")
            : Reals([a, b], Math.Pow);

    private static object Integer(object? value) =>
        value switch
        {
            HeldTensor x => Integer(Numbers.Item(x.Tensor)),
            string text => long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out long read)
                ? read
                : throw new InvalidCastException("the string is no integer"),
            double real => Truncated(real),
            _ => Numbers.Integer(value) is { } integer ? integer : Operation.Unfit,
        };

    private static object Float(object? value) =>
        value switch
        {
            HeldTensor x => Float(Numbers.Item(x.Tensor)),
            string text => text.Trim().ToLowerInvariant() switch
            {
                "inf" or "+inf" or "infinity" => double.PositiveInfinity,
                "-inf" or "-infinity" => double.NegativeInfinity,
                "nan" => double.NaN,
                var other => double.TryParse(other, CultureInfo.InvariantCulture, out double read)
                    ? read
                    : throw new InvalidCastException("the string is no number"),
            },
            _ => Real(value, x => x),
        };

    private static object Bits(object?[] a, Func<long, long, long> integers, Func<bool, bool, bool>? truths) =>
        a[0] is bool p && a[1] is bool q && truths is not null ? truths(p, q)
        : Numbers.Integer(a[0]) is { } x && Numbers.Integer(a[1]) is { } y ? integers(x, y)
        : Operation.Unfit;

    private static long Truncated(double real) =>
        real is > -9.3e18 and < 9.2e18
            ? (long)real
            : throw new InvalidCastException("the number has no integer of 64 bits");

    private static long NotZero(long divisor) =>
        divisor != 0 ? divisor : throw new InvalidCastException("an integer is divided by 0");
}
