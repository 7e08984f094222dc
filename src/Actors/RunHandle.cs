using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors;

/// <summary>A run that was started.</summary>
/// <param name="Description">What it is.</param>
/// <param name="Completion"> Done when training has ended, the final checkpoint is measured, and every observer has
/// seen <see cref="Contracts.Events.RunEnded"/>. Faults never for what happens to the run: that is in the summary;
/// cancelled when the monitor was stopped before the run could be wound up. </param>
public sealed record RunHandle(RunDescription Description, Task<RunSummary> Completion);
