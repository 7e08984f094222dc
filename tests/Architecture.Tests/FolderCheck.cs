using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CurvatureMonitor.Architecture.Tests;

/// <summary>
/// Holds the folders of a project against their row: a file may use its own folder and those that stand to the right of
/// it. Used is the namespace of a using directive or of a qualified name, and a type of an enclosing namespace that is
/// named alone.
/// </summary>
internal sealed class FolderCheck
{
    private readonly FolderRule _rule;
    private readonly string _root;
    private readonly IReadOnlyList<(string Path, CompilationUnitSyntax Unit, string Namespace)> _files;
    private readonly ILookup<string, string> _namespacesOfTypes;
    private readonly HashSet<string> _namespaces;

    private FolderCheck(FolderRule rule, string rootNamespace, IReadOnlyList<SourceFile> sources)
    {
        _rule = rule;
        _root = rootNamespace;
        _files =
        [
            .. sources
                .Select(file => (file.Path, Unit: CSharpSyntaxTree.ParseText(file.Text).GetCompilationUnitRoot()))
                .Select(file => (file.Path, file.Unit, Namespace(file.Unit)))
                .Where(file => file.Item3.Length > 0),
        ];
        _namespaces = [.. _files.Select(file => file.Namespace)];
        _namespacesOfTypes = _files
            .SelectMany(file => Types(file.Unit).Select(type => (type, file.Namespace)))
            .Distinct()
            .ToLookup(pair => pair.type, pair => pair.Namespace);
    }

    /// <summary>The violations, one a line.</summary>
    /// <param name="rule">The project's row.</param>
    /// <param name="rootNamespace">The project's namespace.</param>
    /// <param name="sources">The project's files.</param>
    public static IReadOnlyList<string> Violations(
        FolderRule rule,
        string rootNamespace,
        IReadOnlyList<SourceFile> sources
    )
    {
        var check = new FolderCheck(rule, rootNamespace, sources);
        return [.. check._files.SelectMany(file => check.Violations(file.Path, file.Unit, file.Namespace)).Distinct()];
    }

    private IEnumerable<string> Violations(string path, CompilationUnitSyntax unit, string own)
    {
        string from = Folder(own);
        int place = Place(from);
        if (place < 0)
        {
            return [$"{path}: the folder {from} is not in the row of {_rule.Project}"];
        }

        return Used(unit, own)
            .Where(used => Folder(used.Namespace) != from && Place(Folder(used.Namespace)) < place)
            .Select(used => $"{path}: {from} must not use {Folder(used.Namespace)} ({used.Name})");
    }

    private IEnumerable<(string Namespace, string Name)> Used(CompilationUnitSyntax unit, string own)
    {
        var usings = unit.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(u => u.NamespaceOrType.ToString());
        var qualified = unit.DescendantNodes()
            .Where(node => node is QualifiedNameSyntax or MemberAccessExpressionSyntax)
            .Where(node => node.Parent is not (QualifiedNameSyntax or BaseNamespaceDeclarationSyntax))
            .Where(node => node.Parent is not MemberAccessExpressionSyntax)
            .Select(node => node.ToString());
        foreach (string name in usings.Concat(qualified))
        {
            if (Known(name, own) is { } known)
            {
                yield return (known, name);
            }
        }

        foreach (var name in unit.DescendantNodes().OfType<SimpleNameSyntax>().Where(IsAlone))
        {
            string text = name.Identifier.Text;
            var enclosing = _namespacesOfTypes[text].Where(declared => IsAround(declared, own));

            // The innermost namespace that declares it is what C# takes.
            if (enclosing.MaxBy(declared => declared.Length) is { } found && !_namespacesOfTypes[text].Contains(own))
            {
                yield return (found, text);
            }
        }
    }

    // The longest namespace of the project that a dotted name begins with, seen from a namespace inside the project.
    private string? Known(string name, string own)
    {
        for (string prefix = name; prefix.Length > 0; prefix = Parent(prefix))
        {
            for (string around = own; around.Length > 0; around = Parent(around))
            {
                if (_namespaces.Contains($"{around}.{prefix}"))
                {
                    return $"{around}.{prefix}";
                }
            }

            if (_namespaces.Contains(prefix))
            {
                return prefix;
            }
        }

        return null;
    }

    // Not the right side of a dot, which the qualified names cover.
    private static bool IsAlone(SimpleNameSyntax name) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression == name,
            QualifiedNameSyntax qualified => qualified.Left == name,
            MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => false,
            _ => true,
        };

    private static bool IsAround(string outer, string inner) => inner.StartsWith(outer + ".", StringComparison.Ordinal);

    private static string Parent(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : string.Empty;

    private static string Namespace(CompilationUnitSyntax unit) =>
        unit.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? string.Empty;

    private static IEnumerable<string> Types(CompilationUnitSyntax unit) =>
        unit
            .Members.OfType<BaseNamespaceDeclarationSyntax>()
            .SelectMany(space => space.Members)
            .Select(member =>
                member switch
                {
                    BaseTypeDeclarationSyntax type => type.Identifier.Text,
                    DelegateDeclarationSyntax type => type.Identifier.Text,
                    _ => null,
                }
            )
            .OfType<string>();

    private int Place(string folder) => _rule.Folders.ToList().IndexOf(folder);

    private string Folder(string space) =>
        space == _root ? FolderRule.Root
        : IsAround(_root, space) ? space[(_root.Length + 1)..].Split('.')[0]
        : space;
}
