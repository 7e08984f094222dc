namespace CurvatureMonitor.Actors.Events;

/// <summary>A run starts; the first of its events.</summary>
/// <param name="Description">What it is.</param>
public sealed record RunStarted(RunDescription Description) : MonitorEvent(Description.Run, Description.Started);
