namespace CurvatureMonitor.Host.Configuration;

/// <summary>What one source says of an option.</summary>
/// <param name="Values">The values, one unless the option is a list.</param>
/// <param name="Place">Where it was said, as a message names it: an option, a variable, a key of a file.</param>
internal sealed record Setting(IReadOnlyList<string> Values, string Place)
{
    /// <summary>The values as one text.</summary>
    internal string Text => string.Join(',', Values);
}
