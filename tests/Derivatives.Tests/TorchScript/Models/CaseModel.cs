using System.IO.Compression;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>
/// The files of tests/cases, their code read by .NET's own zip reader and their tensors by libtorch: independent of the
/// archive reader.
/// </summary>
internal static class CaseModel
{
    internal static TheoryData<string> Names =>
        [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)!).Order()];

    private static string Folder
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (!Directory.Exists(Path.Combine(folder!, "tests", "cases")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return Path.Combine(folder!, "tests", "cases");
        }
    }

    internal static string PathOf(string name) => Path.Combine(Folder, name, "model.pt");

    internal static ScriptArchive Read(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var code = new Dictionary<string, string>();
        foreach (var entry in zip.Entries.Where(entry => entry.FullName.EndsWith(".py", StringComparison.Ordinal)))
        {
            string module = entry.FullName[(entry.FullName.IndexOf("/code/", StringComparison.Ordinal) + 6)..^3];
            using var reader = new StreamReader(entry.Open());
            code[module.Replace('/', '.')] = reader.ReadToEnd();
        }

        var classes = code.SelectMany(file =>
                StatementParser
                    .Read(file.Key, file.Value)
                    .OfType<ClassStatement>()
                    .Select(type => (Name: $"{file.Key}.{type.Name}", type.Body))
            )
            .ToDictionary(type => type.Name, type => Children(type.Body));
        string root = classes.Keys.Single(name => !classes.Values.Any(children => children.Any(c => c.Type == name)));
        using var loaded = jit.load(path);
        var tensors = loaded
            .named_parameters()
            .Select(parameter => (parameter.name, Tensor: parameter.parameter.detach()))
            .Concat(loaded.named_buffers().Select(item => (item.name, item.buffer.detach())))
            .ToDictionary(item => item.Item1, item => item.Item2);
        return new ScriptArchive(Object(root, string.Empty, classes, tensors), code, [], [.. tensors.Values]);
    }

    private static List<(string Name, string Type)> Children(IReadOnlyList<Statement> body) =>
        [
            .. body.OfType<AnnotatedStatement>()
                .Where(attribute => attribute.Value is null)
                .Select(attribute => (((NameExpression)attribute.Target).Name, Dotted(attribute.Type))),
        ];

    private static ScriptObject Object(
        string type,
        string prefix,
        Dictionary<string, List<(string Name, string Type)>> classes,
        Dictionary<string, Tensor> tensors
    )
    {
        var made = new ScriptObject(type);
        foreach (var (name, kind) in classes[type])
        {
            made.Attributes[name] =
                classes.ContainsKey(kind) ? Object(kind, $"{prefix}{name}.", classes, tensors)
                : name == "training" ? false
                : tensors.GetValueOrDefault(prefix + name);
        }

        return made;
    }

    private static string Dotted(Expression type) =>
        type switch
        {
            NameExpression name => name.Name,
            AttributeExpression part => $"{Dotted(part.Target)}.{part.Name}",
            _ => string.Empty,
        };
}
