using System.Text.Json.Serialization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>
/// A job: one analysis of one checkpoint, which is kept in the run's resources until the job is answered.
/// </summary>
/// <param name="Id">Run, step and analysis.</param>
/// <param name="Settings">How to measure.</param>
/// <param name="Attempt">1 at first, more after a crash.</param>
public sealed record AnalyseCheckpoint(JobId Id, AnalysisSettings Settings, int Attempt = 1) : IActorMessage;

/// <summary>A curvature actor has begun a job: it can no longer be replaced by a newer one.</summary>
/// <param name="Id">The job.</param>
public sealed record JobStarted(JobId Id) : IActorMessage;

/// <summary>The answer to a job.</summary>
/// <param name="Id">The job.</param>
[JsonDerivedType(typeof(Measured), "measured")]
[JsonDerivedType(typeof(JobFailed), "failed")]
[JsonDerivedType(typeof(JobDropped), "dropped")]
public abstract record JobAnswer(JobId Id) : IActorMessage;

/// <summary>A job gave its measurements.</summary>
/// <param name="Id">The job.</param>
/// <param name="Report">The measurements.</param>
/// <param name="Cost">The cost of the job in all: products of every operator, seconds of all attempts from start to
/// end, the most memory at once.</param>
/// <param name="Attempt">The attempt that succeeded.</param>
public sealed record Measured(JobId Id, AnalysisReport Report, MeasurementCost Cost, int Attempt) : JobAnswer(Id);

/// <summary>A job ended without a measurement. The run continues.</summary>
/// <param name="Id">The job.</param>
/// <param name="Reason">The kind of failure.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="Seconds">The cost of all attempts together.</param>
/// <param name="Attempts">The number of attempts.</param>
public sealed record JobFailed(JobId Id, JobFailureReason Reason, string Message, double Seconds, int Attempts)
    : JobAnswer(Id);

/// <summary>A job will not be done.</summary>
/// <param name="Id">The job.</param>
/// <param name="Reason">The reason.</param>
public sealed record JobDropped(JobId Id, DropReason Reason) : JobAnswer(Id);
