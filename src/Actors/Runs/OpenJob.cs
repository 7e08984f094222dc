using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>A job of a run that is not answered yet.</summary>
/// <param name="Id">Run, step and analysis.</param>
/// <param name="Checkpoint">What its checkpoint says: the optimiser at that step decides on the limits.</param>
/// <param name="Final">Whether the budget does not hold for it.</param>
internal sealed record OpenJob(JobId Id, CheckpointInfo Checkpoint, bool Final);
