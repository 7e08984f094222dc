namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>Words of a list.</summary>
/// <typeparam name="T">What the words stand for.</typeparam>
internal sealed class WordsAttribute<T> : RuleAttribute
    where T : struct, Enum
{
    /// <summary>Whether there may be several, with commas between.</summary>
    public bool Several { get; init; }

    internal override string Remedy => $"choose from {Listing}";

    internal override string Allowed => string.Join(", ", Words.Of<T>().Keys.Select(word => $"`{word}`"));

    /// <inheritdoc/>
    internal override string Listing => string.Join(", ", Words.Of<T>().Keys);

    internal override string? Complaint(object value)
    {
        string[] words = Several
            ? ((string)value).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [(string)value];
        return !words.All(Words.Of<T>().ContainsKey) ? Remedy
            : words.Length == 0 || words.Distinct(StringComparer.Ordinal).Count() != words.Length
                ? "name at least one, each once"
            : null;
    }
}
