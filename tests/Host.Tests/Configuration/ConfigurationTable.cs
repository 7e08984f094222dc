using System.CommandLine;
using System.Text;
using CurvatureMonitor.Host.Commands;
using CurvatureMonitor.Host.Configuration;

namespace CurvatureMonitor.Host.Tests.Configuration;

/// <summary>The options as the tables of docs/configuration.md, one a section.</summary>
internal static class ConfigurationTable
{
    internal const string Begin = "<!-- options: begin -->",
        End = "<!-- options: end -->";

    /// <summary>The commands that take options.</summary>
    internal static IReadOnlyList<ConfiguredCommand> Commands { get; } = [.. Configured(CommandTree.Create())];

    internal static string Write()
    {
        var text = new StringBuilder();
        foreach (var section in OptionsTree.Options.GroupBy(option => option.Section))
        {
            text.AppendLine()
                .AppendLine($"### {section.Key}")
                .AppendLine()
                .AppendLine("| option | key | commands | default | allowed | meaning |")
                .AppendLine("|---|---|---|---|---|---|");
            foreach (var option in section)
            {
                text.AppendLine(
                    $"| `{option.Name}` | `{option.Path}`<br>`{option.Variable}` | {CommandsOf(option)} | "
                        + $"{Default(option)} "
                        + $"| {Allowed(option)} | {Cell(option.Description)} |"
                );
            }
        }

        return text.AppendLine().ToString();
    }

    private static IEnumerable<ConfiguredCommand> Configured(Command command) =>
        command
            .Subcommands.SelectMany(Configured)
            .Concat(command is ConfiguredCommand { Hidden: false } own ? [own] : []);

    private static IEnumerable<(string Command, OptionDescriptor Option)> Uses(OptionDescriptor option) =>
        Commands.SelectMany(command =>
            command
                .Classes.SelectMany(OptionDescriptor.Of)
                .Where(other => other.Key == option.Key)
                .Select(other => (command.Name, other))
        );

    private static string CommandsOf(OptionDescriptor option) =>
        string.Join(", ", Uses(option).Select(use => use.Command == "status" ? "cluster status" : use.Command));

    private static string Default(OptionDescriptor option)
    {
        var others = Uses(option)
            .Where(use => use.Option.DefaultText != option.DefaultText)
            .Select(use => $"{use.Command}: {Code(use.Option.DefaultText)}");
        return string.Join("; ", others.Prepend(Code(option.DefaultText)));
    }

    private static string Allowed(OptionDescriptor option) =>
        option.Rule?.Allowed is { Length: > 0 } allowed ? allowed
        : option.IsFlag ? "`true`, `false`"
        : option.IsList ? "a list"
        : "";

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
