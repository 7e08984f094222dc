using System.Collections.Concurrent;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;

/// <summary>
/// The operations of libtorch 2.10 with their parameters, as its library holds them. A text that names another one, or
/// gives one other values, must not come to libtorch's compiler: its error would end the process.
/// </summary>
internal static class SchemaTable
{
    private const string Resource = "aten.schemas.txt";

    private static readonly Lazy<ILookup<string, string>> Lines = new(() =>
        ReadAll().ToLookup(line => line[..line.IndexOf('(', StringComparison.Ordinal)], StringComparer.Ordinal)
    );

    private static readonly ConcurrentDictionary<string, OperatorSchema[]> Schemas = new(StringComparer.Ordinal);

    /// <summary>The forms of an operation; none where libtorch has no such operation.</summary>
    internal static OperatorSchema[] Find(string name) =>
        Schemas.TryGetValue(name, out var known) ? known
        : Lines.Value.Contains(name) ? Schemas.GetOrAdd(name, Read)
        : [];

    /// <summary>Every line of the table.</summary>
    internal static IEnumerable<string> All() => Lines.Value.SelectMany(lines => lines);

    private static OperatorSchema[] Read(string name) => [.. Lines.Value[name].Select(OperatorSchema.Read)];

    private static List<string> ReadAll()
    {
        var assembly = typeof(SchemaTable).Assembly;
        string name = assembly.GetManifestResourceNames().Single(n => n.EndsWith(Resource, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        List<string> lines = [];
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
