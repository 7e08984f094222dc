using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Training.Models;

/// <summary>The layers of a model by name, and its parameters and buffers in the order of adding.</summary>
internal sealed class ModelTensors
{
    private readonly List<InitializedTensor> _parameters = [];
    private readonly List<InitializedTensor> _buffers = [];
    private readonly HashSet<string> _layers = new(StringComparer.Ordinal);

    public IReadOnlyList<InitializedTensor> Parameters => _parameters;

    public IReadOnlyList<InitializedTensor> Buffers => _buffers;

    /// <summary>
    /// A name that is part of a parameter's name: letters, digits and '_', as PyTorch's module names (which may be
    /// numbers).
    /// </summary>
    public static string Identifier(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name
            : throw new ArgumentException($"'{name}' is no name of a layer: use letters, digits and _", nameof(name));

    /// <summary>Adds a layer and gives its full name.</summary>
    public string Layer(string prefix, string name)
    {
        var layer = prefix + Identifier(name);
        return _layers.Add(layer)
            ? layer
            : throw new ArgumentException($"the model has a layer '{layer}' already", nameof(name));
    }

    /// <summary>Adds a parameter and gives the expression that reads it.</summary>
    public string Parameter(string layer, string name, long[] shape, TensorInitializer initializer)
    {
        var path = $"{layer}.{name}";
        _parameters.Add(new InitializedTensor(new TensorSpec(path, shape), initializer));
        return Access(path);
    }

    /// <summary>Adds a buffer and gives the expression that reads it.</summary>
    public string Buffer(string layer, string name, long[] shape, TensorInitializer initializer)
    {
        var path = $"{layer}.{name}";
        _buffers.Add(new InitializedTensor(new TensorSpec(path, shape), initializer));
        return Access(path);
    }

    /// <summary>
    /// The expression that reads a tensor. A module whose name is a number is no attribute in the grammar; getattr
    /// reaches it.
    /// </summary>
    private static string Access(string path) =>
        path.Split('.')
            .Aggregate("self", (owner, part) =>
                char.IsAsciiDigit(part[0]) ? $"getattr({owner}, \"{part}\")" : $"{owner}.{part}"
            );
}
