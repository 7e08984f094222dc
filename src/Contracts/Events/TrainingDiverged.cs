namespace CurvatureMonitor.Contracts.Events;

/// <summary>Loss or parameters of a training are not finite; the training may go on and may recover.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When that was seen.</param>
/// <param name="Step">The first step of which it is known.</param>
/// <param name="What">What is not finite, in words.</param>
public sealed record TrainingDiverged(string Run, DateTimeOffset Time, long Step, string What)
    : MonitorEvent(Run, Time);
