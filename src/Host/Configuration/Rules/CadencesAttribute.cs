using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>Analyses, each with every how many checkpoints it is made: <c>spectrum,trace:5</c>.</summary>
internal sealed class CadencesAttribute : RuleAttribute
{
    private const int LongestCadence = 1_000_000;

    internal override string Remedy => $"choose from {Listing}";

    internal override string Allowed =>
        string.Join(", ", AnalysisKindNames.Live.Keys.Select(word => $"`{word}`")) + ", each with `:N` or without";

    /// <summary>The analyses.</summary>
    /// <param name="text">A text that was checked.</param>
    /// <param name="every">n, where every n-th checkpoint is measured at all.</param>
    internal static IReadOnlyList<AnalysisCadence> Parse(string text, int every) =>
        [
            .. Parts(text)
                .Select(part => new AnalysisCadence(
                    AnalysisKindNames.Live[part[0]],
                    (int)
                        Math.Min(
                            int.MaxValue,
                            every * (part.Length == 1 ? 1 : long.Parse(part[1], CultureInfo.InvariantCulture))
                        )
                )),
        ];

    /// <inheritdoc/>
    internal override string Listing => string.Join(", ", AnalysisKindNames.Live.Keys);

    internal override string? Complaint(object value)
    {
        var parts = Parts((string)value).ToList();
        return !parts.TrueForAll(part => AnalysisKindNames.Live.ContainsKey(part[0])) ? Remedy
            : !parts.TrueForAll(HasCadence) ? "give a name, or a name and every how many checkpoints, such as trace:5"
            : parts.Count == 0 || parts.DistinctBy(part => part[0], StringComparer.Ordinal).Count() != parts.Count
                ? "name at least one, each once"
            : null;
    }

    private static IEnumerable<string[]> Parts(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split(':'));

    private static bool HasCadence(string[] part) =>
        part.Length == 1
        || part.Length == 2
            && int.TryParse(part[1], NumberStyles.None, CultureInfo.InvariantCulture, out int every)
            && every is >= 1 and <= LongestCadence;
}
