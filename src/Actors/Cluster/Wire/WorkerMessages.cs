using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>
/// A worker tells a host how it is: at every change, and every few seconds. One that is idle asks for a job by it.
/// </summary>
/// <param name="Worker">Its name.</param>
/// <param name="State">What it is at.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="MemoryBytes">What a job may use there.</param>
/// <param name="Torch">The version of libtorch.</param>
/// <param name="Machine">The machine.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="JobsDone">Jobs that it has answered since its start.</param>
/// <param name="AnswersKept">Answers on its disk that no host has taken.</param>
/// <param name="LastAssignment">The last assignment of the addressed host that it received; 0 before the first.</param>
internal sealed record WorkerReport(
    string Worker,
    WorkerState State,
    string Device,
    long MemoryBytes,
    string Torch,
    string Machine,
    int ProcessId,
    long JobsDone,
    int AnswersKept,
    long LastAssignment
) : IWireMessage
{
    /// <summary>
    /// The addressed host's data directory, as it said; null while the worker does not know it: the host says it again.
    /// </summary>
    public string? Instance { get; init; }

    /// <summary>The job that it is at; null where none.</summary>
    public JobId? Job { get; init; }

    /// <summary>Seconds until the job's deadline; null where there is no job.</summary>
    public double? SecondsLeft { get; init; }
}

/// <summary>A worker answers a job, and does so again until a host has taken the answer.</summary>
/// <param name="Number">Tells this answer from every other: a copy of it has the same.</param>
/// <param name="Instance">The host's data directory.</param>
/// <param name="Assignment">The assignment; 0 where the answer is of an earlier process.</param>
/// <param name="Worker">The worker's name.</param>
/// <param name="Answer">The answer.</param>
/// <param name="IsFree">Whether the worker asks for the next job.</param>
internal sealed record AnswerSent(
    Guid Number,
    string Instance,
    long Assignment,
    string Worker,
    JobAnswer Answer,
    bool IsFree
) : IWireMessage;

/// <summary>A worker does not do a job: another may. It does not count as an attempt.</summary>
/// <param name="Assignment">The assignment.</param>
/// <param name="Reason">One line for a person.</param>
internal sealed record JobReturned(long Assignment, string Reason) : IWireMessage;
