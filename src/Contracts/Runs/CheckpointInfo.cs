
namespace CurvatureMonitor.Contracts.Runs;

/// <summary>What is known of a checkpoint beside its tensors.</summary>
/// <param name="Run">The run it belongs to.</param>
/// <param name="Step">The number of optimiser steps taken when it was emitted.</param>
/// <param name="Time">When it was emitted.</param>
public sealed record CheckpointInfo(string Run, long Step, DateTimeOffset Time)
{
    /// <summary>The training loss at that step, which may be NaN or infinite; null where unknown.</summary>
    public double? Loss { get; init; }

    /// <summary>The learning rate at that step; null where unknown.</summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// β of SGD or β₁ of Adam at that step, where a schedule changes it; null where it is that of the run.
    /// </summary>
    public double? Momentum { get; init; }

    /// <summary>The optimiser at that step; null where the checkpoint does not tell it.</summary>
    public OptimizerState? Optimizer { get; init; }

    /// <summary>
    /// What tells the writer of this checkpoint from others of the run: one number for each start of a training; null
    /// where the checkpoint does not tell it.
    /// </summary>
    public string? Session { get; init; }

    /// <summary>
    /// By which share of their size the outputs of the measured program differ from those of the model that is trained;
    /// null where they were not compared, or agree.
    /// </summary>
    public double? Difference { get; init; }

    /// <summary>Samples of a batch at that step, where it changes; null where it is that of the run.</summary>
    public long? BatchSize { get; init; }

    /// <summary>The optimiser's own step count, which Adam's bias corrections need; null where unknown.</summary>
    public long? OptimizerStep { get; init; }
}
