using Akka.Actor;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>A job that a worker is at.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Waiting">The job.</param>
/// <param name="Number">The number by which it is cancelled.</param>
internal sealed record Assignment(IActorRef Worker, WaitingJob Waiting, long Number)
{
    /// <summary>Whether its run cancelled it.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Whether another worker, which was thought lost, has answered it meanwhile.</summary>
    public bool IsAnswered { get; set; }
}
