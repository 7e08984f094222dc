namespace CurvatureMonitor.Host.Configuration;

/// <summary>
/// Makes a property an option: of the command line, of the environment and of the configuration file. Its default is
/// the value that a new instance has.
/// </summary>
/// <param name="name">The option of the command line, such as <c>--port</c>.</param>
/// <param name="description">One sentence for help and documentation.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionAttribute(string name, string description) : Attribute
{
    /// <summary>The option of the command line.</summary>
    internal string Name { get; } = name;

    /// <summary>One sentence for help and documentation.</summary>
    internal string Description { get; } = description;

    /// <summary>Another spelling on the command line; none where null.</summary>
    public string? Alias { get; init; }

    /// <summary>What the option was called before: still taken, with a line that says so. None where null.</summary>
    public string? FormerName { get; init; }
}
