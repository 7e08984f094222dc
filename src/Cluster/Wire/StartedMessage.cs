using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Wire;

/// <summary>A worker has begun a job.</summary>
/// <param name="Wire">The version of the messages.</param>
/// <param name="Worker">Who.</param>
/// <param name="Id">The job.</param>
/// <param name="Redelivered">Whether somebody had begun it before.</param>
internal sealed record StartedMessage(int Wire, string Worker, JobId Id, bool Redelivered);
