using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;

/// <summary>The type of an operation's parameter, such as <c>Tensor?</c>, <c>int[2]</c> or <c>Tensor?[]</c>.</summary>
/// <param name="Base">Its name without the rest.</param>
/// <param name="IsOptional">Whether it may be None.</param>
/// <param name="IsList">Whether it is a list.</param>
/// <param name="HasOptionalItems">Whether the items of the list may be None.</param>
/// <param name="IsSized">Whether one item may stand for a list of a fixed size.</param>
/// <param name="Alias">How the result may share its memory: <c>a</c>, or <c>a!</c> where it is changed.</param>
internal sealed record SchemaType(
    string Base,
    bool IsOptional,
    bool IsList,
    bool HasOptionalItems,
    bool IsSized,
    string? Alias
)
{
    /// <summary>Reads a type.</summary>
    internal static SchemaType Read(string text)
    {
        string? alias = null;
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            int close = text.IndexOf(')', open);
            alias = text[(open + 1)..close];
            text = text[..open] + text[(close + 1)..];
        }

        bool isOptional = text.EndsWith('?');
        text = isOptional ? text[..^1] : text;
        int bracket = text.IndexOf('[', StringComparison.Ordinal);
        bool isList = bracket >= 0;
        bool isSized = isList && text[bracket + 1] != ']';
        text = isList ? text[..bracket] : text;
        bool hasOptionalItems = text.EndsWith('?');
        string name = hasOptionalItems ? text[..^1] : text;
        return new SchemaType(Plain(name), isOptional, isList, hasOptionalItems, isSized, alias)
        {
            IsElementType = name == "ScalarType",
        };
    }

    /// <summary>Whether a parameter of this type takes the value.</summary>
    internal bool Takes(object? value) =>
        value is null ? IsOptional
        : !IsList ? TakesItem(value)
        : value switch
        {
            List<object?> list => list.TrueForAll(TakesElement),
            object?[] tuple => Array.TrueForAll(tuple, TakesElement),
            _ => IsSized && Base != "Tensor" && TakesItem(value),
        };

    /// <summary>Whether its integers are the numbers of element types.</summary>
    internal bool IsElementType { get; init; }

    /// <summary>Whether it is a list of integers that need not be written as one: <c>view(2, 3)</c>.</summary>
    internal bool IsIntegers => IsList && Base == "int";

    private static string Plain(string name) =>
        name switch
        {
            "SymInt" or "ScalarType" or "Layout" or "MemoryFormat" => "int",
            "number" => "Scalar",
            "SymBool" => "bool",
            _ => name,
        };

    private bool TakesElement(object? item) => item is null ? HasOptionalItems : TakesItem(item);

    private bool TakesItem(object value) =>
        Base switch
        {
            "Tensor" => value is HeldTensor,
            "int" => value is long,
            "float" => value is double,
            "Scalar" => value is long or double,
            "bool" => value is bool,
            "str" => value is string,
            "Device" => value is Device,
            _ => false,
        };
}
