using Akka.Actor;
using CurvatureMonitor.Actors.Messages;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>A job that waits for a curvature actor.</summary>
/// <param name="Job">The job.</param>
/// <param name="ReplyTo">Who gets the answer.</param>
/// <param name="SpentSeconds">What earlier attempts cost.</param>
internal sealed record WaitingJob(AnalyseCheckpoint Job, IActorRef ReplyTo, double SpentSeconds = 0)
{
    /// <summary>What a worker must have; anything does where null.</summary>
    public JobRequirements? Needs { get; init; }

    /// <summary>Whether a worker has begun it before: no newer one replaces it.</summary>
    public bool HasBegun { get; init; }
}
