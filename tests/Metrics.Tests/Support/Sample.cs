namespace CurvatureMonitor.Metrics.Tests.Support;

internal sealed record Sample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value, string ValueText)
{
    /// <summary>Identity of the series as Prometheus sees it: labels sorted, so that two samples with one identity clash.</summary>
    public string Identity => Name + "{" + string.Join(",", Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Length}:{l.Value}")) + "}";

    public string? Label(string name) => Labels.FirstOrDefault(l => l.Key == name).Value;

    public string IdentityWithout(string label) =>
        string.Join(",", Labels.Where(l => l.Key != label).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Length}:{l.Value}"));
}
