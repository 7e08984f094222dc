using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>Where the latest job of a run and an analysis waits.</summary>
internal sealed record SlotId(string Run, AnalysisKind Analysis);
