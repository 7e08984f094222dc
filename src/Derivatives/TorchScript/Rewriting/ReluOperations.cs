using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>Sends the ReLU family to <see cref="LayerFunctions"/>.</summary>
internal static class ReluOperations
{
    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        Add(table, "relu", "self", (x, _) => LayerFunctions.Relu(x));
        Add(table, "relu6", "self", (x, _) => LayerFunctions.HardTanh(x, 0, 6));
        Add(
            table,
            "leaky_relu",
            "self negative_slope",
            (x, a) => Number(a[1], 0.01) is { } slope ? LayerFunctions.LeakyRelu(x, slope) : null
        );
        Add(
            table,
            "hardtanh",
            "self min_val max_val",
            (x, a) =>
                Number(a[1], -1) is { } minimum && Number(a[2], 1) is { } maximum
                    ? LayerFunctions.HardTanh(x, minimum, maximum)
                    : null
        );
        Add(
            table,
            "threshold",
            "self threshold value",
            (x, a) =>
                Numbers.Real(a[1]) is { } threshold && Numbers.Real(a[2]) is { } value
                    ? LayerFunctions.Threshold(x, threshold, value)
                    : null
        );
    }

    private static double? Number(object? given, double otherwise) =>
        Take.IsUnset(given) ? otherwise : Numbers.Real(given);

    // Of a fresh tensor that nothing else sees it makes no difference whether it is changed in place.
    private static void Add(
        OperationTable table,
        string name,
        string parameters,
        Func<Tensor, object?[], Tensor?> function
    )
    {
        table.Add(name, parameters, (_, a) => a[0] is HeldTensor x ? Held(function(x.Tensor, a)) : Operation.Unfit);
        table.Add(
            name + "_",
            parameters,
            (_, a) => a[0] is HeldTensor { Uses: 1, IsShared: false } x
                ? Held(function(x.Tensor, a))
                : Operation.Unfit
        );
    }

    private static object Held(Tensor? tensor) => tensor is null ? Operation.Unfit : new HeldTensor(tensor);
}
