namespace CurvatureMonitor.Host.Http;

/// <summary>Answer of <c>GET /api/runs/{run}/history</c>: one consistent picture of a run.</summary>
/// <param name="Run">The run at one glance.</param>
/// <param name="Training">Training points by rising step, thinned to a few thousand; the newest is always there.</param>
/// <param name="Measurements">Measurements in the order in which they were finished.</param>
/// <param name="Events">The newest events, oldest first.</param>
internal sealed record RunDocument(
    RunSummary Run,
    IReadOnlyList<TrainingPoint> Training,
    IReadOnlyList<MeasurementPoint> Measurements,
    IReadOnlyList<RunEvent> Events);
