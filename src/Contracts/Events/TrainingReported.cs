
namespace CurvatureMonitor.Contracts.Events;

/// <summary>A checkpoint from outside told where its training stands. What it did not tell is null.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Loss">The training loss.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="BatchSize">Samples of a batch.</param>
public sealed record TrainingReported(
    string Run,
    DateTimeOffset Time,
    long Step,
    double? Loss,
    double? LearningRate,
    long? BatchSize
) : MonitorEvent(Run, Time)
{
    /// <summary>
    /// The optimiser at that step; null where it is not told, and that of the run's description holds.
    /// </summary>
    public string? Optimizer { get; init; }

    /// <summary>β of SGD, β₁ of Adam at that step; null where there is none.</summary>
    public double? Momentum { get; init; }

    /// <summary>ε of Adam at that step; null for optimisers without damping.</summary>
    public double? Damping { get; init; }

    /// <summary>See <see cref="Runs.CheckpointInfo.Difference"/>.</summary>
    public double? Difference { get; init; }

    /// <summary>Whether the optimiser was told with the step.</summary>
    public bool TellsOptimizer => Optimizer is not null;
}
