namespace CurvatureMonitor.Mixin.Output;

/// <summary>One expression of the list that a test can ask Prometheus with.</summary>
/// <param name="Source">The file that holds it, from the repository's root.</param>
/// <param name="Kind"><c>panel</c>, <c>annotation</c>, <c>variable</c>, <c>record</c>, <c>alert</c>, or <c>alert-input</c>: a metric that an alert looks at.</param>
/// <param name="Name">The panel's title, the rule's name, the variable's name.</param>
/// <param name="Expr">The expression as the file has it.</param>
/// <param name="Query">The same with Grafana's variables filled in: ready to be asked.</param>
/// <param name="Conditional">What has to hold for an answer with data, by key; empty when there must be data while a run is measured.</param>
internal sealed record ListedExpression(string Source, string Kind, string Name, string Expr, string Query, IReadOnlyList<string> Conditional);
