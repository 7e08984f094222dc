using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>A training step was made.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">The step: number, loss, learning rate, gradient norm.</param>
/// <param name="Evaluation">Loss and accuracy on the test data, where they were evaluated after this step.</param>
public sealed record TrainingProgressed(string Run, DateTimeOffset Time, TrainingStep Step, Evaluation? Evaluation)
    : MonitorEvent(Run, Time);
