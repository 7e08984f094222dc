using System.Diagnostics.CodeAnalysis;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// The tensors of a checkpoint: of one safetensors file, or of several that an index file joins, <c>{"weight_map":
/// {"tensor": "file", …}}</c>, as large models are stored. The index and its files must tell the same.
/// </summary>
internal sealed class TensorFiles : IDisposable
{
    /// <summary>What an index is named, after the file that it stands for.</summary>
    public const string IndexSuffix = ".index.json";

    private const string Map = "weight_map";
    private const long LongestIndex = 1 << 24;

    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, (SafetensorsFile File, TensorEntry Tensor)> _byName = new(
        StringComparer.Ordinal
    );

    private TensorFiles(string path) => Path = path;

    /// <summary>The file, or the index.</summary>
    public string Path { get; }

    /// <summary>Every tensor.</summary>
    public IEnumerable<TensorEntry> Tensors => _byName.Values.Select(pair => pair.Tensor);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="BundleException">There is none.</exception>
    public TensorEntry this[string name] =>
        _byName.TryGetValue(name, out var found)
            ? found.Tensor
            : throw new BundleException(
                Path,
                name,
                "is missing",
                $"write it (the file has {SafetensorsFile.Listing(_byName.Keys)})"
            );

    /// <summary>Opens a file, or, where it is not there but its index is, the files that the index names.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">A file is absent, unreadable, malformed, or not what the index
    /// says.</exception>
    public static TensorFiles Open(string path)
    {
        string index = path + IndexSuffix;
        var files = new TensorFiles(!File.Exists(path) && File.Exists(index) ? index : path);
        try
        {
            if (files.Path == path)
            {
                files.Add(SafetensorsFile.Open(path));
            }
            else
            {
                files.AddAll(
                    JsonFields.ReadFile(index, LongestIndex).Object(Map),
                    System.IO.Path.GetDirectoryName(path)!
                );
            }

            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The files that an index names; empty where there is no index that can be read.</summary>
    public static IReadOnlyList<string> Parts(string path)
    {
        try
        {
            string index = path + IndexSuffix;
            if (!File.Exists(index))
            {
                return [];
            }

            JsonFields map = JsonFields.ReadFile(index, LongestIndex).Object(Map);
            string folder = System.IO.Path.GetDirectoryName(path)!;
            return
            [
                .. map
                    .Names.Select(map.Text)
                    .Where(IsName)
                    .Distinct(StringComparer.Ordinal)
                    .Select(name => System.IO.Path.Combine(folder, name)),
            ];
        }
        catch (BundleException)
        {
            return [];
        }
    }

    /// <summary>Looks a tensor up.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TensorEntry? tensor)
    {
        tensor = _byName.TryGetValue(name, out var found) ? found.Tensor : null;
        return tensor is not null;
    }

    /// <inheritdoc cref="SafetensorsFile.Read(TensorEntry, Span{float})"/>
    public void Read(TensorEntry tensor, Span<float> destination) =>
        _byName[tensor.Name].File.Read(tensor, destination);

    /// <inheritdoc cref="SafetensorsFile.Read(TensorEntry, Span{double})"/>
    public void Read(TensorEntry tensor, Span<double> destination) =>
        _byName[tensor.Name].File.Read(tensor, destination);

    /// <summary>Demands that a tensor has a shape of the model's.</summary>
    /// <exception cref="BundleException">It has another.</exception>
    public void RequireShape(TensorEntry tensor, IReadOnlyList<long> shape)
    {
        if (!tensor.Shape.SequenceEqual(shape))
        {
            throw new BundleException(
                Path,
                tensor.Name,
                $"has the shape {tensor.ShapeText} where the model has {TensorEntry.Text(shape)}",
                "write the checkpoint of the model that the bundle names"
            );
        }
    }

    /// <inheritdoc cref="SafetensorsFile.ReadRaw"/>
    public void ReadRaw(TensorEntry tensor, Span<byte> destination) =>
        _byName[tensor.Name].File.ReadRaw(tensor, destination);

    /// <inheritdoc cref="TensorComparison.AreEqual"/>
    public bool AreEqual(TensorEntry one, TensorEntry other) =>
        TensorComparison.AreEqual(_byName[one.Name].File, one, _byName[other.Name].File, other);

    public void Dispose() => _files.ForEach(file => file.Dispose());

    // A name in the same folder, so that no index leads out of a bundle.
    private static bool IsName(string name) =>
        TorchScriptModelReference.IsInside(name) && !name.Contains('/', StringComparison.Ordinal);

    private void AddAll(JsonFields map, string folder)
    {
        var parts = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        foreach (string tensor in map.Names)
        {
            string name = map.Text(tensor);
            if (!IsName(name))
            {
                throw map.Wrong(
                    tensor,
                    $"names the file '{BundleException.Quote(name)}'",
                    "name a file that lies beside the index"
                );
            }

            if (!parts.TryGetValue(name, out SafetensorsFile? part))
            {
                string path = System.IO.Path.Combine(folder, name);
                BundlePath.RequireInside(System.IO.Path.GetDirectoryName(folder)!, path);
                parts.Add(name, part = SafetensorsFile.Open(path));
                Add(part);
            }

            if (!part.TryGet(tensor, out _))
            {
                throw new BundleException(
                    part.Path,
                    tensor,
                    "is missing",
                    $"write it where {System.IO.Path.GetFileName(Path)} says that it is"
                );
            }
        }

        if (_byName.Keys.FirstOrDefault(name => !map.Has(name)) is { } surplus)
        {
            throw map.Wrong(surplus, "is missing, though a file has it", "write an index of every tensor");
        }
    }

    private void Add(SafetensorsFile file)
    {
        _files.Add(file);
        foreach (TensorEntry tensor in file.Tensors)
        {
            if (!_byName.TryAdd(tensor.Name, (file, tensor)))
            {
                throw new BundleException(
                    file.Path,
                    tensor.Name,
                    "is in another file of the index too",
                    "write each tensor once"
                );
            }
        }
    }
}
