namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>A class of the program: the names of its attributes, its constants and its methods.</summary>
internal sealed class ClassLayout(string name)
{
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    /// <summary>Its qualified name.</summary>
    internal string Name { get; } = name;

    /// <summary>Whether its objects are tuples with names.</summary>
    internal bool IsTuple { get; init; }

    /// <summary>The attributes' names in order.</summary>
    internal List<string> Attributes { get; } = [];

    /// <summary>Values of the class itself, the same for each object.</summary>
    internal Dictionary<string, object?> Constants { get; } = new(StringComparer.Ordinal);

    /// <summary>The methods.</summary>
    internal Dictionary<string, Function> Methods { get; } = new(StringComparer.Ordinal);

    /// <summary>The place of an attribute; −1 where there is none.</summary>
    internal int IndexOf(string attribute) => _indices.GetValueOrDefault(attribute, -1);

    /// <summary>Adds an attribute unless it is there.</summary>
    internal void Add(string attribute)
    {
        if (_indices.TryAdd(attribute, Attributes.Count))
        {
            Attributes.Add(attribute);
        }
    }
}
