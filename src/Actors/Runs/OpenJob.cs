using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>A job that is not answered yet, with the handle that keeps its checkpoint alive.</summary>
internal sealed class OpenJob(JobId id, Checkpoint checkpoint, bool final)
{
    public JobId Id { get; } = id;

    public Checkpoint Checkpoint { get; } = checkpoint;

    public double? LearningRate { get; } = checkpoint.Info.LearningRate;

    /// <summary>Whether the budget does not hold for it.</summary>
    public bool Final { get; } = final;
}
