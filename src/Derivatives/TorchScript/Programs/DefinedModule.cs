using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>Makes a program of a script and the tensors that it reads, as an archive of it would be.</summary>
internal static class DefinedModule
{
    private const string Prefix = "__torch__";
    private static readonly SourcePlace Here = new("definition", 1, 1);

    /// <summary>The program; its tensors are zero.</summary>
    /// <exception cref="DerivativeException">The text is no script, or a name is used twice.</exception>
    internal static ScriptProgram Define(ScriptModelSource source, ScriptLimits? limits = null)
    {
        LibTorch.Prepare();
        string root = $"{Prefix}.{source.Name}";
        Dictionary<string, Module> modules = new(StringComparer.Ordinal) { [string.Empty] = new(new(root)) };
        foreach (var spec in source.Parameters)
        {
            Add(modules, root, spec, isParameter: true);
        }

        foreach (var spec in source.Buffers)
        {
            Add(modules, root, spec, isParameter: false);
        }

        List<Statement> classes =
        [
            .. modules.Select(module =>
                new ClassStatement(
                    Here,
                    module.Value.Object.TypeName[(Prefix.Length + 1)..],
                    "Module",
                    module.Key.Length == 0 ? [.. module.Value.Lists(), .. Methods(source)] : module.Value.Lists()
                )
            ),
        ];
        return new ScriptProgram(
            modules[string.Empty].Object,
            new Dictionary<string, IReadOnlyList<Statement>>(StringComparer.Ordinal) { [Prefix] = classes },
            [],
            limits
        );
    }

    private static List<Statement> Methods(ScriptModelSource source) =>
        StatementParser.Read(source.Name, source.Source + "\n");

    private static void Add(Dictionary<string, Module> modules, string root, TensorSpec spec, bool isParameter)
    {
        int dot = spec.Name.LastIndexOf('.');
        var module = Find(modules, root, dot < 0 ? string.Empty : spec.Name[..dot]);
        string name = spec.Name[(dot + 1)..];
        if (!module.Object.Attributes.TryAdd(name, zeros([.. spec.Shape]).DetachFromDisposeScope()))
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"the model has two tensors of the name '{spec.Name}'"
            );
        }

        (isParameter ? module.Parameters : module.Buffers).Add(name);
    }

    // Joined to its parent at once, so that the flat order is the order of first appearance.
    private static Module Find(Dictionary<string, Module> modules, string root, string path)
    {
        if (modules.TryGetValue(path, out var known))
        {
            return known;
        }

        int dot = path.LastIndexOf('.');
        var parent = Find(modules, root, dot < 0 ? string.Empty : path[..dot]);
        var made = new Module(new ScriptObject($"{root}_{path.Replace('.', '_')}"));
        parent.Object.Attributes[path[(dot + 1)..]] = made.Object;
        modules[path] = made;
        return made;
    }

    private sealed record Module(ScriptObject Object)
    {
        internal List<string> Parameters { get; } = [];

        internal List<string> Buffers { get; } = [];

        internal List<Statement> Lists() => [List("__parameters__", Parameters), List("__buffers__", Buffers)];

        private static AssignStatement List(string name, List<string> names) =>
            new(
                Here,
                [new NameExpression(Here, name)],
                new ListExpression(Here, [.. names.Select(text => new LiteralExpression(Here, text))])
            );
    }
}
