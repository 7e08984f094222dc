using System.Text;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Makes an archive of a model's text and its tensors: one class a submodule, all in one file of code, with
/// <c>forward</c> on the outermost.
/// </summary>
internal sealed class ScriptArchiveBuilder
{
    private const string Module = "__torch__";

    private readonly string _name;
    private readonly Dictionary<string, ModuleDraft> _modules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _typeNames = new(StringComparer.Ordinal);
    private readonly List<Tensor> _tensors = [];
    private readonly Dictionary<Tensor, Tensor> _aliases = new(ReferenceEqualityComparer.Instance);

    private ScriptArchiveBuilder(string name)
    {
        _name = ClassName.From(name);
        _modules.Add("", Draft(_name));
    }

    /// <summary>The archive of a model in evaluation mode.</summary>
    /// <param name="name">The model's name, of which the class's is made.</param>
    /// <param name="source">The text of <c>def forward(self, x: Tensor) -&gt; Tensor:</c>.</param>
    /// <param name="parameters">The parameters by their dotted names; the same tensor twice is tied.</param>
    /// <param name="buffers">The buffers by their dotted names.</param>
    /// <returns>The archive, on the same memory as the tensors; the caller disposes it.</returns>
    /// <exception cref="DerivativeException">Two tensors have one name.</exception>
    internal static ScriptArchive Build(
        string name,
        string source,
        IEnumerable<(string Name, Tensor Tensor)> parameters,
        IEnumerable<(string Name, Tensor Tensor)> buffers
    )
    {
        LibTorch.Prepare();
        var builder = new ScriptArchiveBuilder(name);
        builder.Add(parameters, isBuffer: false);
        builder.Add(buffers, isBuffer: true);
        return new ScriptArchive(
            builder._modules[""].Object,
            new Dictionary<string, string> { [Module] = builder.Code(source) },
            [],
            builder._tensors
        );
    }

    private void Add(IEnumerable<(string Name, Tensor Tensor)> tensors, bool isBuffer)
    {
        foreach (var (dotted, tensor) in tensors)
        {
            var (path, name) = Split(dotted);
            ModuleAt(path).Add(name, Alias(tensor, isBuffer), isBuffer);
        }
    }

    // A handle of its own, so that the archive can be disposed without the caller's tensor.
    private Tensor Alias(Tensor tensor, bool isBuffer)
    {
        if (!_aliases.TryGetValue(tensor, out var alias))
        {
            alias = tensor.detach().DetachFromDisposeScope();
            alias.requires_grad = !isBuffer;
            _aliases.Add(tensor, alias);
            _tensors.Add(alias);
        }

        return alias;
    }

    // Joined to its parent at once, so that submodules stand in the order of their first tensors.
    private ModuleDraft ModuleAt(string path)
    {
        if (!_modules.TryGetValue(path, out var module))
        {
            var (parent, name) = Split(path);
            module = Draft($"{_name}_{ClassName.From(path.Replace('.', '_'))}");
            ModuleAt(parent).Add(name, module);
            _modules.Add(path, module);
        }

        return module;
    }

    private ModuleDraft Draft(string typeName)
    {
        string free = typeName;
        for (int i = 1; !_typeNames.Add(free); i++)
        {
            free = $"{typeName}_{i}";
        }

        var module = new ModuleDraft($"{Module}.{free}");
        module.Add("training", false, "bool");
        return module;
    }

    private string Code(string source)
    {
        var text = new StringBuilder();
        foreach (var (path, module) in _modules)
        {
            module.Write(text, path.Length == 0 ? source : "");
        }

        return text.ToString();
    }

    private static (string Path, string Name) Split(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
    }
}
