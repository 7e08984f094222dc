using Akka.Actor;
using CurvatureMonitor.Actors.Messages;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>A job that was offered and is not answered yet.</summary>
/// <param name="ReplyTo">Receives the answer.</param>
/// <param name="Needs">What a worker must have.</param>
/// <param name="Offered">When it was offered.</param>
internal sealed record OpenJob(IActorRef ReplyTo, JobRequirements Needs, long Offered)
{
    /// <summary>Whether an answer is on its way through the board.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>When its worker was lost; null while none was.</summary>
    public long? LostAt { get; set; }
}
