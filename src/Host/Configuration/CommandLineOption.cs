using System.CommandLine;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>
/// Makes options of the command line. They take any text: what it says is checked in one place for all sources.
/// </summary>
internal static class CommandLineOption
{
    /// <summary>The option.</summary>
    internal static Option Of(OptionDescriptor descriptor)
    {
        var option = Create(descriptor, descriptor.Name, descriptor.DefaultText);
        option.Description = descriptor.Description;
        if (descriptor.Alias is { } alias)
        {
            option.Aliases.Add(alias);
        }

        return option;
    }

    /// <summary>The option under its former name, which help does not show; null where it has none.</summary>
    internal static Option? FormerOf(OptionDescriptor descriptor)
    {
        if (descriptor.FormerName is not { } name)
        {
            return null;
        }

        var option = Create(descriptor, name, "");
        option.Hidden = true;
        return option;
    }

    private static Option Create(OptionDescriptor descriptor, string name, string defaultText)
    {
        if (descriptor.IsFlag)
        {
            return new Option<bool>(name);
        }

        if (descriptor.IsList)
        {
            return new Option<string[]>(name);
        }

        var option = new Option<string?>(name);
        if (defaultText.Length > 0)
        {
            option.DefaultValueFactory = _ => defaultText;
        }

        return option;
    }
}
