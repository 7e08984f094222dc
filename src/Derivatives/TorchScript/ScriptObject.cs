namespace CurvatureMonitor.Derivatives.TorchScript;

/// <summary>
/// An object of a TorchScript class, as an archive holds it: a module, or a plain object. Values are tensors,
/// <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, null, lists as
/// <see cref="List{T}"/> of values, tuples as arrays of values, dictionaries as
/// <c>OrderedDictionary&lt;object, object?&gt;</c>, devices, and objects. A tensor or object that stands in two
/// places is one: tied weights, shared modules.
/// </summary>
/// <param name="typeName">The class's qualified name, such as <c>__torch__.torch.nn.modules.linear.Linear</c>.</param>
internal sealed class ScriptObject(string typeName)
{
    /// <summary>The class's qualified name.</summary>
    internal string TypeName { get; } = typeName;

    /// <summary>The attributes in the class's order; submodules are among them.</summary>
    internal OrderedDictionary<string, object?> Attributes { get; } = new(StringComparer.Ordinal);
}
