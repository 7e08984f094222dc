using System.Text.RegularExpressions;
using CurvatureMonitor.Contracts.Errors;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>Where settings come from: the command line before the environment before the configuration file.</summary>
internal sealed partial class SettingSources
{
    /// <summary>What environment variables of the configuration begin with.</summary>
    internal const string Prefix = "CURVATURE__";

    /// <summary>The configuration file that is read where none is named.</summary>
    internal const string FileName = "curvature.json";

    private readonly IReadOnlyDictionary<string, Setting>[] _sources;

    private SettingSources(params IReadOnlyDictionary<string, Setting>[] sources) => _sources = sources;

    /// <summary>Reads all sources.</summary>
    /// <param name="commandLine">What the command line says, by key (<see cref="OptionDescriptor.Key"/>).</param>
    /// <param name="file">The configuration file; null for that of the working directory, where there is one.</param>
    /// <exception cref="UserErrorException">The file cannot be read, or a source names an option that there is
    /// not.</exception>
    internal static SettingSources Read(IReadOnlyDictionary<string, Setting> commandLine, string? file) =>
        new(commandLine, Environment(), File(file));

    /// <summary>What is said of an option by the source that goes before the others; null where none does.</summary>
    internal Setting? Find(OptionDescriptor option) =>
        _sources.Select(source => source.GetValueOrDefault(option.Key)).FirstOrDefault(setting => setting is not null);

    /// <summary>A key without the differences between <c>LANCZOS_STEPS</c>, <c>lanczos-steps</c> and
    /// <c>lanczosSteps</c>.</summary>
    internal static string Normalize(string key) =>
        key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static Dictionary<string, Setting> Environment() =>
        Settings(
            new ConfigurationBuilder().Add(new EnvironmentVariablesConfigurationSource { Prefix = Prefix }),
            key => Prefix + key.Replace(":", "__", StringComparison.Ordinal),
            option => option.Variable
        );

    private static Dictionary<string, Setting> File(string? file)
    {
        string path = Path.GetFullPath(file ?? FileName);
        if (!System.IO.File.Exists(path))
        {
            return file is null
                ? []
                : throw new UserErrorException($"--config {file}: no such file", "write it, or leave --config out");
        }

        // A provider of its own: the usual one passes over files whose names begin with a dot.
        using var files = new PhysicalFileProvider(Path.GetDirectoryName(path)!, ExclusionFilters.None);
        string name = file ?? FileName;
        try
        {
            return Settings(
                new ConfigurationBuilder().Add(
                    new JsonConfigurationSource { FileProvider = files, Path = Path.GetFileName(path) }
                ),
                key => $"{name}: {key.Replace(':', '.')}",
                option => option.Path
            );
        }
        catch (Exception exception)
            when (exception is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{name}: cannot be read ({exception.GetBaseException().Message.ReplaceLineEndings(" ")})",
                "give one JSON object of objects, as docs/configuration.md shows",
                exception
            );
        }
    }

    private static Dictionary<string, Setting> Settings(
        IConfigurationBuilder source,
        Func<string, string> place,
        Func<OptionDescriptor, string> nearest
    )
    {
        var settings = new Dictionary<string, Setting>(StringComparer.Ordinal);
        foreach (var (key, value) in source.Build().AsEnumerable().Where(pair => pair.Value is not null).OrderBy(Index))
        {
            var option = OptionsTree.Find(Normalize(key));
            string owner = key;
            if (option is null && Item().Match(key) is { Success: true } item)
            {
                owner = item.Groups["list"].Value;
                option = OptionsTree.Find(Normalize(owner));
            }

            if (option is null)
            {
                var near = OptionsTree.Nearest(Normalize(key));
                throw new UserErrorException(
                    $"{place(key)}: there is no such option",
                    $"did you mean {nearest(near)} ({near.Name})?"
                );
            }

            IEnumerable<string> before = settings.TryGetValue(option.Key, out var known) ? known.Values : [];
            settings[option.Key] = new Setting([.. before, value!], $"{place(owner)} ({option.Name})");
        }

        return settings;
    }

    // Items of a list in their order; everything else has none among itself.
    private static int Index(KeyValuePair<string, string?> pair) =>
        Item().Match(pair.Key) is { Success: true } item && int.TryParse(item.Groups["index"].Value, out int index)
            ? index
            : 0;

    [GeneratedRegex("^(?<list>.+):(?<index>[0-9]+)$")]
    private static partial Regex Item();
}
