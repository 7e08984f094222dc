namespace CurvatureMonitor.Actors.Messages;

/// <summary>Offers a job to the pool.</summary>
internal sealed record OfferJob(AnalyseCheckpoint Job, IActorRef ReplyTo);

/// <summary>Takes a run's waiting jobs back.</summary>
internal sealed record WithdrawJobs(string Run);

/// <summary>Cancels a run's running jobs between two curvature products.</summary>
internal sealed record CancelJobs(string Run);

/// <summary>A run is over: what is kept for it can go.</summary>
internal sealed record ForgetRun(string Run);

/// <summary>A job on its way to a curvature actor.</summary>
/// <param name="Job">The job.</param>
/// <param name="ReplyTo">Who gets the answer.</param>
/// <param name="SpentSeconds">What earlier attempts cost.</param>
/// <param name="Cancellation">Looked at between two curvature products.</param>
internal sealed record WorkItem(
    AnalyseCheckpoint Job,
    IActorRef ReplyTo,
    double SpentSeconds,
    CancellationToken Cancellation
);

/// <summary>A curvature actor has answered its job and can take another.</summary>
internal sealed record WorkerIdle
{
    public static WorkerIdle Instance { get; } = new();
}

/// <summary>A curvature actor crashed on a job, and is being restarted.</summary>
internal sealed record WorkerCrashed(WorkItem Item, string Message, double Seconds);
