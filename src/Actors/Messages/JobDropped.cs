using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A job will not be done.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason">Why.</param>
public sealed record JobDropped(JobId Id, DropReason Reason);
