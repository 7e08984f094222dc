using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A trainer is done; the last of its messages.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Failure">One line: why it failed; null where it did not.</param>
/// <param name="StepSeconds">Time spent in steps.</param>
/// <param name="EmittingSeconds">Time spent in snapshots.</param>
internal sealed record TrainingEnded(RunOutcome Outcome, string? Failure, double StepSeconds, double EmittingSeconds);
