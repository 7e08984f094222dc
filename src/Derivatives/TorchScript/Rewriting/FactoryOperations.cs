using CurvatureMonitor.Derivatives.TorchScript.Archives;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>New tensors have the pass's element type, if they are of floating point, and are on its device.</summary>
internal static class FactoryOperations
{
    private const string Options = " dtype layout device pin_memory requires_grad memory_format";

    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        Sized(table, "zeros", (size, type, device) => zeros(size, type, device));
        Sized(table, "ones", (size, type, device) => ones(size, type, device));
        Sized(table, "empty", (size, type, device) => empty(size, type, device));
        Sized(table, "rand", (size, type, device) => rand(size, type, device));
        Sized(table, "randn", (size, type, device) => randn(size, type, device));
        table.Add("full", "size fill_value" + Options, Full);
        table.Add(
            "tensor as_tensor",
            "data dtype device requires_grad",
            (run, a) =>
                a[0] is HeldTensor ? Operation.Unfit
                : new HeldTensor(TensorLiteral.Make(a[0], Take.Or(a[1], null) as long?, run.Type, run.Device))
        );
        Generic(table, "scalar_tensor", 1);
        Generic(table, "eye", 2, isAlwaysReal: true);
        Generic(table, "arange", 3);
        Generic(table, "linspace", 3, isAlwaysReal: true);
        Generic(table, "randperm", 1);
        Generic(table, "randint", 3);
    }

    private static void Sized(OperationTable table, string name, Func<long[], ScalarType, Device, Tensor> make) =>
        table.Add(
            name,
            "size" + Options,
            (run, a) =>
                Take.Integers(a[0]) is { } size
                    ? new HeldTensor(make(size, Type(a[1], run.Type), run.Device))
                    : Operation.Unfit
        );

    private static object? Full(RunState run, object?[] a)
    {
        using var value = Numbers.ToScalar(a[1]);
        var type = a[1] switch
        {
            long => ScalarType.Int64,
            bool => ScalarType.Bool,
            _ => run.Type,
        };
        return Take.Integers(a[0]) is { } size && value is not null
            ? new HeldTensor(full(size, value, Type(a[2], type), run.Device))
            : Operation.Unfit;
    }

    private static ScalarType Type(object? given, ScalarType otherwise) =>
        given is long code ? ElementTypes.FromCode(code) : otherwise;

    // The first operands as they are, then element type and device.
    private static void Generic(OperationTable table, string name, int operands, bool isAlwaysReal = false)
    {
        var names = Enumerable.Range(0, operands + 1).Select(count => Site(name, count)).ToArray();
        string parameters = string.Join(' ', Enumerable.Range(0, operands).Select(i => $"operand{i}")) + Options;
        table.Add(
            name,
            parameters,
            (run, a) =>
            {
                object?[] given = [.. a.Take(operands).TakeWhile(value => !Take.IsUnset(value))];
                object? type = Take.Or(a[operands], null);
                type ??= isAlwaysReal || Array.Exists(given, IsReal) ? (long)run.Type : null;
                return given.Length == 0
                    ? Operation.Unfit
                    : names[given.Length].Invoke([.. given, type, run.Device]);
            }
        );
    }

    private static GenericOperation Site(string name, int operands) =>
        new(name, [.. new string?[operands], "dtype", "device"]);

    private static bool IsReal(object? value) =>
        value is double || (value is List<object?> list && list.Exists(IsReal));
}
