using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>The trainer emitted a checkpoint.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Its step.</param>
/// <param name="Final">Whether it is the run's last.</param>
public sealed record CheckpointTaken(string Run, DateTimeOffset Time, long Step, bool Final) : MonitorEvent(Run, Time)
{
    /// <summary>The analyses that it is due for; none where the cadence passes it over.</summary>
    public IReadOnlyList<AnalysisKind> Analyses { get; init; } = [];

    /// <summary>The writer's session, where it told one: see <see cref="Runs.CheckpointInfo.Session"/>.</summary>
    public string? Session { get; init; }

    /// <summary>Whether it was refused before and is tried again, since its files have changed.</summary>
    public bool Again { get; init; }
}
