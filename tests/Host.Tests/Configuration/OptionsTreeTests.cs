using System.Text.RegularExpressions;
using CurvatureMonitor.Host.Configuration;

namespace CurvatureMonitor.Host.Tests.Configuration;

public sealed partial class OptionsTreeTests
{
    /// <summary>Set, the document is written anew in place of compared.</summary>
    private const string WriteVariable = "CURVATURE_WRITE_DOCS";

    [Fact]
    public void The_document_has_every_option_as_it_is()
    {
        string path = Path.Combine(Repository(), "docs", "configuration.md");
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(ConfigurationTable.Begin, StringComparison.Ordinal) + ConfigurationTable.Begin.Length;
        int end = text.IndexOf(ConfigurationTable.End, StringComparison.Ordinal);
        Assert.True(end > begin, $"{path} lacks the lines '{ConfigurationTable.Begin}' and '{ConfigurationTable.End}'");
        string expected = Environment.NewLine + ConfigurationTable.Write();
        if (Environment.GetEnvironmentVariable(WriteVariable) is not null)
        {
            File.WriteAllText(path, text[..begin] + expected + text[end..]);
            return;
        }

        Assert.True(
            text[begin..end] == expected,
            $"docs/configuration.md is not what the options say: run this test once with {WriteVariable}=1"
        );
    }

    [Fact]
    public void Every_option_of_a_command_is_in_the_tree()
    {
        var commands = ConfigurationTable.Commands;
        Assert.Equal(11, commands.Count);
        foreach (var option in commands.SelectMany(command => command.Classes).SelectMany(OptionDescriptor.Of))
        {
            Assert.True(OptionsTree.Find(option.Key)?.Name == option.Name, option.Path);
        }

        var used = commands.SelectMany(command => command.Classes).SelectMany(OptionDescriptor.Of).Select(o => o.Key);
        Assert.Empty(OptionsTree.Options.Select(option => option.Key).Except(used));
    }

    // What is said of one word in two places must be the same thing.
    [Fact]
    public void One_word_has_one_meaning()
    {
        string[] shared = ["--analyses", "--json", "--lanczos-steps", "--modules", "--operators", "--probes", "--seed"];
        var several = OptionsTree.Options.GroupBy(option => option.Name).Where(group => group.Count() > 1).ToList();
        Assert.Equal(shared, several.Select(group => group.Key).Order(StringComparer.Ordinal));
        foreach (var group in several)
        {
            Assert.Single(group.Select(option => option.Property.Name).Distinct());
            Assert.Single(
                group
                    .Select(option => option.Property.PropertyType)
                    .Select(type => Nullable.GetUnderlyingType(type) ?? type)
                    .Distinct()
            );
            Assert.Single(group.Select(option => FirstWords().Match(option.Description).Value).Distinct());
        }

        foreach (var command in ConfigurationTable.Commands)
        {
            var names = command.Options.SelectMany(option => option.Aliases.Append(option.Name)).ToList();
            Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        }
    }

    [Fact]
    public void Every_default_is_a_value_that_may_be_given()
    {
        foreach (var option in ConfigurationTable.Commands.SelectMany(c => c.Classes).SelectMany(OptionDescriptor.Of))
        {
            if (option.DefaultText.Length > 0)
            {
                Assert.Equal(
                    option.Default,
                    SettingReader.Read(option, new Setting([option.DefaultText], option.Name))
                );
            }
        }
    }

    [Fact]
    public void Descriptions_name_every_word_that_may_be_chosen()
    {
        foreach (
            var option in OptionsTree.Options.Where(option =>
                option.Rule?.Remedy.StartsWith("choose from", StringComparison.Ordinal) == true
            )
        )
        {
            foreach (string word in option.Rule!.Remedy["choose from ".Length..].Split(", "))
            {
                Assert.Contains(word, option.Description, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("server:prot", "--port")]
    [InlineData("measuring:lanczos", "--lanczos-steps")]
    [InlineData("lanczossteps", "--lanczos-steps")]
    [InlineData("training:stepps", "--steps")]
    public void The_nearest_name_is_suggested(string key, string expected) =>
        Assert.Equal(expected, OptionsTree.Nearest(key).Name);

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CurvatureMonitor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("the tests lie outside the repository");
    }

    [GeneratedRegex(@"^\w+,? \w+")]
    private static partial Regex FirstWords();
}
