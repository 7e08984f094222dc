namespace CurvatureMonitor.Mixin.Rules;

/// <summary>An alerting rule. Several may have one name: they are the same finding from different evidence.</summary>
/// <param name="Name">The alert's name, which is also its runbook's.</param>
/// <param name="Expression">PromQL.</param>
/// <param name="Summary">One line; a Go template.</param>
/// <param name="Description">What is so, with the numbers, and what to do first; a Go template.</param>
internal sealed record AlertRule(string Name, string Expression, string Summary, string Description)
{
    /// <summary>Labels beside the severity: what Alertmanager routes and inhibits by.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
