namespace CurvatureMonitor.Reports.Runs;

/// <summary>Answer of <c>GET /api/runs</c>.</summary>
/// <param name="Runs">Every run that is remembered, the one started last first.</param>
internal sealed record RunList(IReadOnlyList<RunSnapshot> Runs);
