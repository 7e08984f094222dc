using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>A host knows a worker from now on, and takes the answers that the worker keeps for it.</summary>
/// <param name="Instance">The host's data directory.</param>
internal sealed record WorkerWelcome(string Instance) : IWireMessage;

/// <summary>A host gives a worker a job.</summary>
/// <param name="Instance">The host's data directory.</param>
/// <param name="Assignment">The number of the assignment: one that comes twice is the same.</param>
/// <param name="Id">The job.</param>
/// <param name="Attempt">1 at first, more when workers were lost with it.</param>
/// <param name="Settings">How to measure.</param>
/// <param name="ElementType">The type to compute in.</param>
/// <param name="Claims">The files of run and checkpoint.</param>
internal sealed record DoJob(
    string Instance,
    long Assignment,
    JobId Id,
    int Attempt,
    AnalysisSettings Settings,
    ElementType ElementType,
    JobClaims Claims
) : IWireMessage;

/// <summary>A job is given up between two curvature products; the worker answers it all the same.</summary>
/// <param name="Assignment">The assignment.</param>
internal sealed record CancelAssignment(long Assignment) : IWireMessage;

/// <summary>An answer is in the host's journal, or not wanted: the worker need not keep it.</summary>
/// <param name="Number">The answer.</param>
internal sealed record AnswerTaken(Guid Number) : IWireMessage;

/// <summary>A run is over: what is kept for it can be released.</summary>
/// <param name="Instance">The host's data directory.</param>
/// <param name="Run">The run's name.</param>
internal sealed record RunEnded(string Instance, string Run) : IWireMessage;
