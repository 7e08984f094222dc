using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A job: one analysis of one checkpoint.</summary>
/// <param name="Id">What identifies it.</param>
/// <param name="Checkpoint">The parameters to measure at. Whoever offered the job keeps it alive until the job is
/// answered.</param>
/// <param name="Probe">The run's objective: model, loss and probe set.</param>
/// <param name="Settings">How to measure.</param>
/// <param name="Attempt">1 at first, more after a crash.</param>
public sealed record AnalyseCheckpoint(
    JobId Id,
    Checkpoint Checkpoint,
    RunProbe Probe,
    AnalysisSettings Settings,
    int Attempt = 1
);
