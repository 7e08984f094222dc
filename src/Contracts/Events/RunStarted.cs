using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>A run starts; the first of its events.</summary>
/// <param name="Description">What it is.</param>
public sealed record RunStarted(RunDescription Description)
    : MonitorEvent(Description.Run, Description.Started ?? DateTimeOffset.UnixEpoch);
