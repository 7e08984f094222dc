using CurvatureMonitor.Actors.Analysis;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Workers;

/// <summary>The settings of the curvature actors of a process.</summary>
/// <param name="Actors">N, their number.</param>
/// <param name="Analyzers">Makes the analyzers.</param>
/// <param name="Time">The clock that costs are measured with.</param>
/// <param name="Logger">The log.</param>
internal sealed record WorkerSettings(
    int Actors,
    ICheckpointAnalyzerFactory Analyzers,
    TimeProvider Time,
    ILogger Logger
);
