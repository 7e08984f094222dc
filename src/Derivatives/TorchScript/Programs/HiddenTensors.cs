using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>
/// Places of a file's objects that hold the memory of a parameter or a buffer and are none of its own, such as the list
/// of weights of a scripted LSTM: who sets the tensors by their names leaves these as they were.
/// </summary>
internal sealed class HiddenTensors
{
    // A module may stand at several places, each of which has names.
    private const int MaxDepth = 100;
    private const int MaxVisits = 100_000;

    private readonly HashSet<string> _names;
    private readonly Dictionary<(ScriptObject Owner, string Attribute), Place> _own = [];
    private readonly List<Place> _others = [];
    private int _visits;

    private HiddenTensors(IEnumerable<string> names) => _names = [.. names];

    /// <summary>The first such place, and the name of what it holds; null where there is none.</summary>
    /// <param name="root">The objects.</param>
    /// <param name="names">The names by which tensors are set.</param>
    internal static (string Place, string Name)? Find(ScriptObject root, IEnumerable<string> names)
    {
        var search = new HiddenTensors(names);
        search.Collect(root, string.Empty, 0);
        var set = new Dictionary<nint, string>();
        foreach (var place in search._own.Values.Where(place => place.IsSet))
        {
            if (place.Address is { } address)
            {
                set.TryAdd(address, place.Path);
            }
        }

        return search
            ._own.Values.Where(place => !place.IsSet)
            .Concat(search._others)
            .Where(place => place.Address is { } address && set.ContainsKey(address))
            .Select(place => ((string, string)?)(place.Path, set[place.Address!.Value]))
            .FirstOrDefault();
    }

    private void Collect(ScriptObject owner, string path, int depth)
    {
        foreach (var (attribute, value) in owner.Attributes)
        {
            string name = path.Length == 0 ? attribute : $"{path}.{attribute}";
            if (value is Tensor tensor)
            {
                bool isSet = _names.Contains(name);
                if (!_own.TryGetValue((owner, attribute), out var known) || (isSet && !known.IsSet))
                {
                    _own[(owner, attribute)] = new Place(name, tensor, isSet);
                }
            }
            else
            {
                CollectParts(value, name, depth + 1);
            }
        }
    }

    private void CollectParts(object? value, string path, int depth)
    {
        if (depth > MaxDepth || ++_visits > MaxVisits)
        {
            return;
        }

        switch (value)
        {
            case ScriptObject item:
                Collect(item, path, depth);
                break;
            case Tensor tensor:
                _others.Add(new Place(path, tensor, IsSet: false));
                break;
            case OrderedDictionary<object, object?> pairs:
                CollectAll(pairs.Values, path, depth);
                break;
            case List<object?> list:
                CollectAll(list, path, depth);
                break;
            case object?[] tuple:
                CollectAll(tuple, path, depth);
                break;
            default:
                break;
        }
    }

    private void CollectAll(IEnumerable<object?> parts, string path, int depth)
    {
        int number = 0;
        foreach (object? part in parts)
        {
            CollectParts(part, $"{path}[{number++}]", depth + 1);
        }
    }

    private sealed record Place(string Path, Tensor Tensor, bool IsSet)
    {
        internal nint? Address => TensorIdentity.Of(Tensor)?.Address;
    }
}
