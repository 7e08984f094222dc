using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>The modules of a model that are measured one by one; a parameter may be in several of them.</summary>
/// <param name="Groups">The modules, in the order of the patterns, or of the model.</param>
/// <param name="LeftOut">How many modules of the model there was no room for.</param>
public sealed record ModuleSelection(IReadOnlyList<ModuleGroup> Groups, int LeftOut)
{
    /// <summary>The most patterns.</summary>
    public const int MaximumPatterns = 32;

    /// <summary>The most modules where there are no patterns.</summary>
    public const int MaximumDefaults = 16;

    /// <summary>
    /// Every how many checkpoints modules are measured where nothing is said: as rare as a trace, since a search for
    /// each of them costs more than a spectrum.
    /// </summary>
    public const int DefaultEvery = 8;

    private const int LongestPattern = 200;

    // What the Python client's forward= puts before every name.
    private const string Wrapper = "model.";

    /// <summary>The modules that patterns name.</summary>
    /// <param name="patterns">
    /// Patterns of paths of modules and names of parameters, with <c>*</c> and <c>?</c>; null for the modules that have
    /// parameters, at the deepest level at which they are <see cref="MaximumDefaults"/> or fewer.
    /// </param>
    /// <param name="parameters">The model's parameters that are measured.</param>
    /// <exception cref="UserErrorException">A pattern names no parameter, or two name the same ones.</exception>
    public static ModuleSelection Of(IReadOnlyList<string>? patterns, IReadOnlyList<TensorSlot> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (patterns is null)
        {
            return Defaults(parameters);
        }

        Validate(patterns);
        var groups = new List<ModuleGroup>();
        foreach (string pattern in patterns)
        {
            int[] tensors = Tensors(pattern, parameters);
            if (tensors.Length == 0)
            {
                throw new UserErrorException($"modules: {Unknown(pattern, parameters)}");
            }

            if (groups.Find(other => other.Tensors.SequenceEqual(tensors)) is { } same)
            {
                throw new UserErrorException(
                    $"modules: '{Short(same.Name)}' and '{Short(pattern)}' name the same parameters: leave one out"
                );
            }

            groups.Add(ModuleGroup.Of(pattern, tensors, parameters));
        }

        return new ModuleSelection(groups, 0);
    }

    /// <summary>Makes sure that patterns can be used of some model.</summary>
    /// <param name="patterns">The patterns; null for none.</param>
    /// <exception cref="UserErrorException">There are none or too many of them, or one is empty or comes
    /// twice.</exception>
    public static void Validate(IReadOnlyList<string>? patterns)
    {
        if (Complaint(patterns) is { } complaint)
        {
            throw new UserErrorException($"modules: {complaint}");
        }
    }

    /// <summary>What is wrong with patterns, whatever the model, and how to mend it; null where nothing is.</summary>
    /// <param name="patterns">The patterns; null for none.</param>
    public static string? Complaint(IReadOnlyList<string>? patterns) =>
        patterns is null ? null
        : patterns.Count == 0 ? "name at least one pattern, or leave them out"
        : patterns.Count > MaximumPatterns ? $"there are {patterns.Count} patterns: give at most {MaximumPatterns}"
        : patterns.Any(pattern => string.IsNullOrWhiteSpace(pattern) || pattern.Length > LongestPattern)
            ? $"a pattern is empty or longer than {LongestPattern} characters: give names with * and ?"
        : patterns.Distinct(StringComparer.Ordinal).Count() != patterns.Count ? "a pattern comes twice: give each once"
        : null;

    /// <summary>Those of some patterns that name a parameter of a model, and none that another has named.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="parameters">The model's parameters that are measured.</param>
    public static IReadOnlyList<string> Fitting(IReadOnlyList<string> patterns, IReadOnlyList<TensorSlot> parameters)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ArgumentNullException.ThrowIfNull(parameters);
        return
        [
            .. patterns
                .Select(pattern => (Pattern: pattern, Tensors: string.Join(',', Tensors(pattern, parameters))))
                .Where(pair => pair.Tensors.Length > 0)
                .DistinctBy(pair => pair.Tensors, StringComparer.Ordinal)
                .Select(pair => pair.Pattern),
        ];
    }

    // A pattern names a module with all below it, by any of the names that a tied tensor has.
    private static int[] Tensors(string pattern, IReadOnlyList<TensorSlot> parameters)
    {
        var names = new NamePattern(pattern);
        return Where(parameters, slot => Paths(slot).Any(names.Matches));
    }

    private static IEnumerable<string> Paths(TensorSlot slot) =>
        slot.Names()
            .SelectMany(name =>
                name.StartsWith(Wrapper, StringComparison.Ordinal) ? (string[])[name, name[Wrapper.Length..]] : [name]
            )
            .SelectMany(Ancestors);

    // a, a.b and a.b.weight.
    private static IEnumerable<string> Ancestors(string name)
    {
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }

        yield return name;
    }

    // A tensor without a number in it is no block.
    private static int[] Where(IReadOnlyList<TensorSlot> parameters, Func<TensorSlot, bool> condition) =>
        [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Count > 0 && condition(parameters[i]))];

    private static ModuleSelection Defaults(IReadOnlyList<TensorSlot> parameters)
    {
        var owners = parameters.Where(slot => slot.Count > 0).Select(slot => Owner(slot.Name)).ToList();
        int depth = owners.Select(Depth).DefaultIfEmpty(1).Max();
        List<string> names;
        do
        {
            names = [.. owners.Select(owner => Above(owner, depth)).Distinct(StringComparer.Ordinal)];
        } while (names.Count > MaximumDefaults && --depth > 0);

        // A module's name stands for all below it, as in a pattern.
        var groups = names
            .Take(MaximumDefaults)
            .Select(name =>
                ModuleGroup.Of(
                    name,
                    Where(parameters, slot => Ancestors(slot.Name).Contains(name, StringComparer.Ordinal)),
                    parameters
                )
            );
        return new ModuleSelection([.. groups], Math.Max(0, names.Count - MaximumDefaults));
    }

    // The module that has a parameter; a parameter of the model itself stands for itself.
    private static string Owner(string name) =>
        name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;

    private static int Depth(string path) => 1 + path.Count(character => character == '.');

    private static string Above(string path, int depth) => string.Join('.', path.Split('.').Take(depth));

    private static string Unknown(string pattern, IReadOnlyList<TensorSlot> parameters)
    {
        var names = parameters.Take(3).Select(slot => Short(slot.Name));
        string more = parameters.Count > 3 ? $" and {parameters.Count - 3} more" : string.Empty;
        return $"'{Short(pattern)}' names no parameter that is measured, and no module with one; there are "
            + $"{string.Join(", ", names)}{more}";
    }

    private static string Short(string name) => name.Length <= 40 ? name : $"{name[..39]}…";
}
