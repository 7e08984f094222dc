using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A job gave its measurements.</summary>
/// <param name="Id">Which.</param>
/// <param name="Report">What it gave.</param>
/// <param name="Cost">What the job cost in all: products of every operator, seconds of all attempts from start to end,
/// the most memory at once.</param>
/// <param name="Attempt">The attempt that did.</param>
public sealed record Measured(JobId Id, AnalysisReport Report, MeasurementCost Cost, int Attempt);
