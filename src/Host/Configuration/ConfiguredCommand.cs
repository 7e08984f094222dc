using System.CommandLine;
using System.CommandLine.Parsing;
using CurvatureMonitor.Host.Isolation;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>
/// A command whose options are those of some classes, and whose command line is one source of their values.
/// </summary>
internal sealed class ConfiguredCommand : Command
{
    private readonly List<(OptionDescriptor Descriptor, Option Option, Option? Former)> _options = [];
    private readonly Option<string?> _file = new("--config")
    {
        Description =
            $"A configuration file in JSON; without it {SettingSources.FileName} of the working directory, where there "
            + "is one (docs/configuration.md).",
    };

    /// <summary>Makes the options of the command line.</summary>
    /// <param name="name">The word that people type.</param>
    /// <param name="description">One sentence for help.</param>
    /// <param name="classes">The classes of options.</param>
    internal ConfiguredCommand(string name, string description, params Type[] classes)
        : base(name, description)
    {
        Classes = classes;
        foreach (var descriptor in classes.SelectMany(OptionDescriptor.Of))
        {
            var option = CommandLineOption.Of(descriptor);
            var former = CommandLineOption.FormerOf(descriptor);
            Options.Add(option);
            if (former is not null)
            {
                Options.Add(former);
            }

            _options.Add((descriptor, option, former));
        }

        Options.Add(_file);
    }

    /// <summary>The classes of options.</summary>
    internal IReadOnlyList<Type> Classes { get; }

    /// <summary>Says what the command does once its options are bound.</summary>
    /// <param name="action">Returns the exit code.</param>
    internal void SetAction(Func<BoundOptions, ParseResult, CancellationToken, Task<int>> action) =>
        SetAction((arguments, cancellation) => action(Bind(arguments), arguments, cancellation));

    /// <inheritdoc cref="SetAction(Func{BoundOptions, ParseResult, CancellationToken, Task{int}})"/>
    internal void SetAction(Func<BoundOptions, CancellationToken, Task<int>> action) =>
        SetAction((arguments, cancellation) => action(Bind(arguments), cancellation));

    private BoundOptions Bind(ParseResult arguments)
    {
        var given = new Dictionary<string, Setting>(StringComparer.Ordinal);
        foreach (var (descriptor, option, former) in _options)
        {
            if (former is not null && arguments.GetResult(former) is { } old)
            {
                // The process that started this one has said so already.
                if (ChildLink.Current is null)
                {
                    Console.Error.WriteLine($"curvature: {former.Name} is called {option.Name} now");
                }

                given[descriptor.Key] = new Setting(Values(old), former.Name);
            }

            if (arguments.GetResult(option) is { Implicit: false } result)
            {
                given[descriptor.Key] = new Setting(Values(result), option.Name);
            }
        }

        return BoundOptions.Bind(Classes, SettingSources.Read(given, arguments.GetValue(_file)));
    }

    private static List<string> Values(OptionResult result) =>
        result.Tokens.Count > 0 ? [.. result.Tokens.Select(token => token.Value)] : [bool.TrueString];
}
