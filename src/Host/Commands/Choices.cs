using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Commands;

/// <summary>Options whose values are words of a list.</summary>
internal static class Choices
{
    /// <summary>The value of a word.</summary>
    /// <exception cref="UserErrorException">The word is not known; the message lists those that are.</exception>
    internal static T One<T>(string option, string text, IReadOnlyDictionary<string, T> known) =>
        known.TryGetValue(text.Trim(), out var value)
            ? value
            : throw new UserErrorException($"{option} {text}: choose from {string.Join(", ", known.Keys)}");

    /// <summary>The values of words with commas between.</summary>
    /// <inheritdoc cref="One"/>
    internal static List<T> All<T>(string option, string text, IReadOnlyDictionary<string, T> known) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => One(option, part, known))];
}
