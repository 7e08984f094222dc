
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
) : MonitorEvent(Run, Time);
