using Akka.Actor;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A run offers a job to the board.</summary>
/// <param name="Job">The job.</param>
/// <param name="ReplyTo">Receives the answer.</param>
internal sealed record OfferJob(AnalyseCheckpoint Job, IActorRef ReplyTo) : IActorMessage
{
    /// <summary>What a worker must have; anything does where null.</summary>
    public JobRequirements? Needs { get; init; }
}

/// <summary>A run takes its waiting jobs back.</summary>
/// <param name="Run">The run's name.</param>
internal sealed record WithdrawJobs(string Run) : IActorMessage;

/// <summary>A run cancels its running jobs between two curvature products.</summary>
/// <param name="Run">The run's name.</param>
internal sealed record CancelJobs(string Run) : IActorMessage;

/// <summary>A run is over: what is kept for it can be released. The board passes it to its workers.</summary>
/// <param name="Run">The run's name.</param>
internal sealed record ForgetRun(string Run) : IActorMessage;

/// <summary>A worker is free and asks the board for a job.</summary>
internal sealed record RequestWork : IActorMessage
{
    public static RequestWork Instance { get; } = new();

    /// <summary>What the worker has; everything where null.</summary>
    public WorkerAbilities? Abilities { get; init; }
}

/// <summary>The board gives a worker the job that it asked for.</summary>
/// <param name="Job">The job.</param>
/// <param name="SpentSeconds">The cost of earlier attempts.</param>
/// <param name="Assignment">Its number, by which it can be cancelled.</param>
internal sealed record AssignJob(AnalyseCheckpoint Job, double SpentSeconds, long Assignment) : IActorMessage;

/// <summary>A worker has ended its job.</summary>
/// <param name="Answer">The answer, for the run.</param>
internal sealed record JobAnswered(JobAnswer Answer) : IActorMessage;

/// <summary>
/// A worker does not do its job, though nothing is wrong with it: the next one does. It does not count as an attempt.
/// </summary>
/// <param name="Id">The job.</param>
internal sealed record ReturnJob(JobId Id) : IActorMessage;

/// <summary>A worker crashed on its job, and is being restarted.</summary>
/// <param name="Id">The job.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="Seconds">The cost of this attempt.</param>
internal sealed record WorkerCrashed(JobId Id, string Message, double Seconds) : IActorMessage;

/// <summary>Asks the board for the number of workers that wait for a job.</summary>
internal sealed record GetFreeWorkers : IActorMessage
{
    public static GetFreeWorkers Instance { get; } = new();
}

/// <summary>The answer to <see cref="GetFreeWorkers"/>.</summary>
/// <param name="Count">Their number.</param>
internal sealed record FreeWorkers(int Count) : IActorMessage;
