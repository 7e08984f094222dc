using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A trainer made a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Evaluation">Loss and accuracy on the test data after it, where they were evaluated.</param>
/// <param name="Time">When.</param>
internal sealed record TrainingProgress(TrainingStep Step, Evaluation? Evaluation, DateTimeOffset Time);
