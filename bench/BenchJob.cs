using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Bench;

/// <summary>A job with the objective and the checkpoint that it is done on.</summary>
internal sealed record BenchJob(AnalyseCheckpoint Job, RunProbe Probe, Checkpoint Checkpoint)
{
    /// <summary>The same work under another name.</summary>
    internal BenchJob As(JobId id) => this with { Job = Job with { Id = id } };
}
