using System.Text;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>A module while it is built: its object, and the text of its class as TorchScript files have it.</summary>
/// <param name="typeName">The class's qualified name.</param>
internal sealed class ModuleDraft(string typeName)
{
    private readonly List<string> _parameters = [];
    private readonly List<string> _buffers = [];
    private readonly List<string> _attributes = [];

    /// <summary>The object.</summary>
    internal ScriptObject Object { get; } = new(typeName);

    /// <summary>Adds a parameter or a buffer.</summary>
    /// <exception cref="DerivativeException">The module has an attribute of this name.</exception>
    internal void Add(string name, Tensor tensor, bool isBuffer)
    {
        (isBuffer ? _buffers : _parameters).Add($"\"{name}\", ");
        Add(name, tensor, "Tensor");
    }

    /// <summary>Adds a submodule.</summary>
    /// <exception cref="DerivativeException">The module has an attribute of this name.</exception>
    internal void Add(string name, ModuleDraft child) => Add(name, child.Object, child.Object.TypeName);

    /// <summary>Adds a plain attribute.</summary>
    /// <exception cref="DerivativeException">The module has an attribute of this name.</exception>
    internal void Add(string name, object? value, string type)
    {
        if (!Object.Attributes.TryAdd(name, value))
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"module {typeName} has two attributes named '{name}': give one another name"
            );
        }

        _attributes.Add(ClassName.IsIdentifier(name) ? $"{name} : {type}" : $"__annotations__[\"{name}\"] = {type}");
    }

    /// <summary>Writes the class.</summary>
    /// <param name="text">Takes it.</param>
    /// <param name="methods">The text of its methods, not indented; empty for none.</param>
    internal void Write(StringBuilder text, string methods)
    {
        text.Append($"class {typeName[(typeName.LastIndexOf('.') + 1)..]}(Module):\n");
        text.Append($"  __parameters__ = [{string.Concat(_parameters)}]\n");
        text.Append($"  __buffers__ = [{string.Concat(_buffers)}]\n");
        if (_attributes.Any(attribute => attribute.StartsWith("__annotations__", StringComparison.Ordinal)))
        {
            text.Append("  __annotations__ = []\n");
        }

        foreach (string attribute in _attributes)
        {
            text.Append($"  {attribute}\n");
        }

        foreach (var line in methods.AsSpan().EnumerateLines())
        {
            text.Append(line.IsWhiteSpace() ? "" : $"  {line}\n");
        }
    }
}
