using CurvatureMonitor.Actors.Analysis;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Pool;

/// <summary>What a pool of curvature actors needs.</summary>
/// <param name="Actors">N.</param>
/// <param name="Attempts">How often a job is tried whose actor crashes.</param>
/// <param name="Analyzers">Makes the analyzers.</param>
/// <param name="Time">The clock that costs are measured with.</param>
/// <param name="Logger">The log.</param>
internal sealed record PoolSettings(
    int Actors,
    int Attempts,
    ICheckpointAnalyzerFactory Analyzers,
    TimeProvider Time,
    ILogger Logger
);
