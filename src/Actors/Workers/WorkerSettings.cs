using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Resources;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Workers;

/// <summary>The settings of the curvature actors of a process.</summary>
/// <param name="Actors">N, their number.</param>
/// <param name="Analyzers">Makes the analyzers.</param>
/// <param name="Resources">Finds the objectives and checkpoints that jobs name.</param>
/// <param name="Cancellations">Cancels assigned jobs.</param>
/// <param name="Time">The clock that costs are measured with.</param>
/// <param name="Logger">The log.</param>
internal sealed record WorkerSettings(
    int Actors,
    ICheckpointAnalyzerFactory Analyzers,
    ResourceTable Resources,
    JobCancellations Cancellations,
    TimeProvider Time,
    ILogger Logger
);
