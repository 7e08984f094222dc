using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>TorchScript's name for the type of a value, as the text of a type annotation.</summary>
internal static class ValueTypes
{
    /// <summary>The type; of an empty list <c>List[Tensor]</c>, as in TorchScript.</summary>
    internal static string Of(object? value) =>
        value switch
        {
            null => "NoneType",
            bool => "bool",
            long => "int",
            double => "float",
            string => "str",
            Tensor => "Tensor",
            Device => "Device",
            ScriptObject item => item.TypeName,
            object?[] tuple => $"Tuple[{string.Join(", ", tuple.Select(Of))}]",
            List<object?> list => $"List[{Common(list)}]",
            OrderedDictionary<object, object?> pairs => $"Dict[{Common(pairs.Keys, "str")}, {Common(pairs.Values)}]",
            _ => throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"a {value.GetType().Name} cannot be saved in a TorchScript file"
            ),
        };

    // Of the values that are there; None beside them makes it optional.
    private static string Common(IEnumerable<object?> values, string ofNone = "Tensor")
    {
        string[] types = [.. values.Select(Of).Distinct()];
        string type = types.FirstOrDefault(t => t != "NoneType") ?? (types.Length == 0 ? ofNone : types[0]);
        return types.Length > 1 && types.Contains("NoneType") ? $"Optional[{type}]" : type;
    }
}
