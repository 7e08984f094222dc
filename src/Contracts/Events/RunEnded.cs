using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>A run is over and everything of it is accounted for; the last of its events.</summary>
/// <param name="Time">When.</param>
/// <param name="Summary">What it was.</param>
public sealed record RunEnded(DateTimeOffset Time, RunSummary Summary) : MonitorEvent(Summary.Run, Time);
