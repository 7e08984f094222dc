namespace CurvatureMonitor.Contracts.Events;

/// <summary>A supervisor restarted an actor that had crashed.</summary>
/// <param name="Run">The run whose job it was on; null where none.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">What kind of actor: <c>curvature</c>.</param>
/// <param name="Message">One line: why.</param>
public sealed record ActorRestarted(string? Run, DateTimeOffset Time, string Actor, string Message)
    : MonitorEvent(Run, Time);
