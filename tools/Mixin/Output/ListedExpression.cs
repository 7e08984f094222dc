using System.Text.Json.Serialization;

namespace CurvatureMonitor.Mixin.Output;

/// <summary>One expression of the list that a test can ask Prometheus with.</summary>
/// <param name="Source">The file that holds it, from the repository's root.</param>
/// <param name="Kind"> <c>panel</c>, <c>annotation</c>, <c>variable</c>, <c>record</c>, <c>alert</c>,
/// <c>alert-input</c>: series that an alert looks at, or <c>alert-open</c>: an alert's expression with thresholds that
/// every number passes and without looking back, so that it has data where its series fit together. </param>
/// <param name="Name">The panel's title, the rule's name, the variable's name.</param>
/// <param name="Expr">The expression as the file has it.</param>
/// <param name="Query">The same with Grafana's variables filled in: ready to be asked.</param>
/// <param name="Conditional">What has to hold for an answer with data, by key; empty when there must be data while a
/// run is measured.</param>
internal sealed record ListedExpression(
    string Source,
    string Kind,
    string Name,
    string Expr,
    string Query,
    IReadOnlyList<string> Conditional
)
{
    /// <summary>How the series of a panel are named; null of what is no series of a panel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Legend { get; init; }
}
