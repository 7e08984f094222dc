using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A curvature actor has begun a job: it can no longer be replaced by a newer one.</summary>
/// <param name="Id">Which.</param>
public sealed record JobStarted(JobId Id);
