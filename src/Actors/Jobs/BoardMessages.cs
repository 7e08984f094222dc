using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>A run offers a job to the board.</summary>
internal sealed record OfferJob(AnalyseCheckpoint Job, IActorRef ReplyTo);

/// <summary>A run takes its waiting jobs back.</summary>
internal sealed record WithdrawJobs(string Run);

/// <summary>A run cancels its running jobs between two curvature products.</summary>
internal sealed record CancelJobs(string Run);

/// <summary>A run is over: what is kept for it can go. The board passes it to its workers.</summary>
internal sealed record ForgetRun(string Run);

/// <summary>A worker is free and asks the board for a job.</summary>
internal sealed record RequestWork
{
    public static RequestWork Instance { get; } = new();
}

/// <summary>The board gives a worker the job that it asked for.</summary>
/// <param name="Job">The job.</param>
/// <param name="SpentSeconds">The cost of earlier attempts.</param>
/// <param name="Cancellation">Looked at between two curvature products.</param>
internal sealed record AssignJob(AnalyseCheckpoint Job, double SpentSeconds, CancellationToken Cancellation);

/// <summary>A worker has ended its job.</summary>
/// <param name="Id">The job.</param>
/// <param name="Answer">A <see cref="Measured"/> or a <see cref="JobFailed"/>, for the run.</param>
internal sealed record JobAnswered(JobId Id, object Answer);

/// <summary>A worker crashed on its job, and is being restarted.</summary>
/// <param name="Id">The job.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="Seconds">The cost of this attempt.</param>
internal sealed record WorkerCrashed(JobId Id, string Message, double Seconds);

/// <summary>Asks the board for the number of workers that wait for a job.</summary>
internal sealed record GetFreeWorkers
{
    public static GetFreeWorkers Instance { get; } = new();
}

/// <summary>The answer to <see cref="GetFreeWorkers"/>.</summary>
/// <param name="Count">Their number.</param>
internal sealed record FreeWorkers(int Count);
