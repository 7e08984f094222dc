using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>The variables of one function, and the names for functions among them.</summary>
/// <param name="module">The module that the function is in, for the names of its neighbours.</param>
/// <param name="names">The names of the program.</param>
/// <param name="lastReads">The reads of variables that are the last.</param>
internal sealed class Scope(string module, IProgramNames names, HashSet<NameExpression> lastReads)
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);

    /// <summary>The names of the program.</summary>
    internal IProgramNames Names => names;

    /// <summary>The module that the function is in.</summary>
    internal string Module => module;

    /// <summary>How many variables there are.</summary>
    internal int Count => _slots.Count;

    /// <summary>The place of a variable; −1 where the name is none.</summary>
    internal int Find(string name) => _slots.GetValueOrDefault(name, -1);

    /// <summary>The place of a variable, a new one if need be.</summary>
    internal int Define(string name)
    {
        if (!_slots.TryGetValue(name, out int slot))
        {
            _slots[name] = slot = _slots.Count;
        }

        return slot;
    }

    /// <summary>From here on a name stands for a function or a class.</summary>
    internal void Alias(string name, string qualified) => _aliases[name] = qualified;

    /// <summary>Whether this read is the last of its variable.</summary>
    internal bool IsLastRead(NameExpression name) => lastReads.Contains(name);

    /// <summary>
    /// The dotted name that an expression is, if it does not begin with a variable: <c>torch.add</c>; null otherwise.
    /// </summary>
    internal string? Dotted(Expression expression) =>
        expression switch
        {
            NameExpression name when _aliases.TryGetValue(name.Name, out string? alias) => alias,
            NameExpression name when Find(name.Name) < 0 => name.Name,
            AttributeExpression part when Dotted(part.Target) is { } target => $"{target}.{part.Name}",
            _ => null,
        };

    /// <summary>The function that a dotted name is; null where it is none.</summary>
    internal Function? Function(string dotted) =>
        names.FindFunction(dotted) ?? names.FindFunction($"{module}.{dotted}");

    /// <summary>The class that a dotted name is; null where it is none.</summary>
    internal ClassLayout? Class(string dotted) => names.FindClass(dotted) ?? names.FindClass($"{module}.{dotted}");
}
