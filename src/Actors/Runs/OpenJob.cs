using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>A job of a run that is not answered yet.</summary>
/// <param name="Id">Run, step and analysis.</param>
/// <param name="LearningRate">The learning rate at its checkpoint; null where it is not known.</param>
/// <param name="Final">Whether the budget does not hold for it.</param>
internal sealed record OpenJob(JobId Id, double? LearningRate, bool Final)
{
    /// <summary>β at its checkpoint, where a schedule changes it; null where it is that of the run.</summary>
    public double? Momentum { get; init; }
}
