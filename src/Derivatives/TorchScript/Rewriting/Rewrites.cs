using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>What the interpreter runs in place of what a program says.</summary>
internal static class Rewrites
{
    private static readonly OperationTable Table = new(
        LayerOperations.Register,
        ReluOperations.Register,
        BatchNormOperations.Register,
        DropoutOperations.Register,
        EmbeddingOperations.Register,
        FactoryOperations.Register,
        CastOperations.Register
    );

    // The places at which operations take an element type without its name.
    private static readonly Dictionary<string, int[]> TypePlaces = new(StringComparer.Ordinal)
    {
        ["to"] = [1, 2],
        ["softmax"] = [2],
        ["log_softmax"] = [2],
        ["softmin"] = [2],
        ["type"] = [1],
        ["zeros"] = [1],
        ["ones"] = [1],
        ["full"] = [2],
        ["zeros_like"] = [1],
        ["ones_like"] = [1],
        ["empty_like"] = [1],
    };

    /// <summary>Whether there is an operation of a name.</summary>
    internal static bool IsKnown(string name) =>
        Table.Find(name) is not null
        || OperationTable.Direct.Find(name) is not null
        || SchemaTable.Find(name).Length > 0;

    /// <summary>The operation site for a name.</summary>
    internal static OperationSite Site(SourcePlace place, string name, string?[] names) =>
        new(place, name, names, Table.Find(name) ?? OperationTable.Direct.Find(name));

    /// <summary>The arguments of an operation, element types put right.</summary>
    internal static Node[] Arguments(string name, string?[] names, Node[] arguments, int first = 0)
    {
        int[] places = TypePlaces.GetValueOrDefault(name, []);
        return
        [
            .. arguments.Select(
                (argument, i) =>
                    names[i] == "dtype" || (names[i] is null && places.Contains(i + first))
                        ? new ElementTypeNode(argument)
                        : argument
            ),
        ];
    }
}
