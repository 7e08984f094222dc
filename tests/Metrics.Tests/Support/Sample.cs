namespace CurvatureMonitor.Metrics.Tests.Support;

internal sealed record Sample(
    string Name,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    double Value,
    string ValueText
)
{
    /// <summary>
    /// Identity of the series as Prometheus sees it: labels sorted, so that two samples with one identity clash.
    /// </summary>
    public string Identity => $"{Name}{{{Join(Labels)}}}";

    public string? Label(string name) => Labels.FirstOrDefault(l => l.Key == name).Value;

    public string IdentityWithout(string label) => Join(Labels.Where(l => l.Key != label));

    // With its length before it, a value cannot be mistaken for two labels.
    private static string Join(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(
            ",",
            labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Length}:{l.Value}")
        );
}
