using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>One option: the property that holds it, and everything that is said of it there.</summary>
internal sealed partial class OptionDescriptor
{
    private readonly OptionAttribute _option;

    private OptionDescriptor(Type options, PropertyInfo property, OptionAttribute option, object defaults)
    {
        _option = option;
        Property = property;
        Section = options.GetCustomAttribute<SectionAttribute>()!.Name;
        Rule = property.GetCustomAttribute<RuleAttribute>();
        Default = property.GetValue(defaults);
    }

    /// <summary>The property that holds it.</summary>
    internal PropertyInfo Property { get; }

    /// <summary>The part of the configuration that it belongs to.</summary>
    internal string Section { get; }

    /// <summary>What its values must satisfy beyond their type; nothing where null.</summary>
    internal RuleAttribute? Rule { get; }

    /// <summary>The value where nothing is said.</summary>
    internal object? Default { get; }

    /// <inheritdoc cref="OptionAttribute.Name"/>
    internal string Name => _option.Name;

    /// <inheritdoc cref="OptionAttribute.Description"/>
    internal string Description => _option.Description.Replace("{words}", Rule?.Listing, StringComparison.Ordinal);

    /// <inheritdoc cref="OptionAttribute.Alias"/>
    internal string? Alias => _option.Alias;

    /// <inheritdoc cref="OptionAttribute.FormerName"/>
    internal string? FormerName => _option.FormerName;

    /// <summary>Whether it takes no value on the command line.</summary>
    internal bool IsFlag => Property.PropertyType == typeof(bool);

    /// <summary>Whether it may be given several times.</summary>
    internal bool IsList => Property.PropertyType == typeof(string[]);

    /// <summary>Where it stands in the configuration file, such as <c>measuring.lanczosSteps</c>.</summary>
    internal string Path => $"{Section}.{char.ToLowerInvariant(Property.Name[0])}{Property.Name[1..]}";

    /// <summary>Its environment variable, such as <c>CURVATURE__MEASURING__LANCZOS_STEPS</c>.</summary>
    internal string Variable =>
        $"{SettingSources.Prefix}{Section}__{Humps().Replace(Property.Name, "_$1")}".ToUpperInvariant();

    /// <summary>Its key among the settings, whoever writes them.</summary>
    internal string Key => SettingSources.Normalize($"{Section}:{Property.Name}");

    /// <summary>The default as it is written on a command line; empty where there is none.</summary>
    internal string DefaultText =>
        Default switch
        {
            null or false or string[] { Length: 0 } => "",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            var other => other.ToString()!,
        };

    /// <summary>The options of a class, in the order in which they are declared.</summary>
    internal static IEnumerable<OptionDescriptor> Of(Type options)
    {
        object defaults = Activator.CreateInstance(options)!;
        return options
            .GetProperties()
            .Select(property =>
                property.GetCustomAttribute<OptionAttribute>() is { } option
                    ? new OptionDescriptor(options, property, option, defaults)
                    : null
            )
            .OfType<OptionDescriptor>();
    }

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex Humps();
}
