using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>A job that was offered and is not answered yet.</summary>
/// <param name="job">The job.</param>
/// <param name="resources">The objective and the checkpoints of its run.</param>
/// <param name="replyTo">Who gets the answer.</param>
/// <param name="number">How many were offered before it.</param>
internal sealed class OpenJob(AnalyseCheckpoint job, RunResources resources, IActorRef replyTo, long number)
{
    public AnalyseCheckpoint Job { get; } = job;

    public RunResources Resources { get; } = resources;

    public IActorRef ReplyTo { get; } = replyTo;

    public long Number { get; } = number;

    public JobId Id => Job.Id;

    public SlotId Slot => new(Job.Id.Run, Job.Id.Analysis);

    /// <summary>Its files, once they are laid out.</summary>
    public JobClaims? Claims { get; set; }

    /// <summary>What a worker must have.</summary>
    public JobNeeds? Needs { get; set; }

    /// <summary>
    /// The id of the copy that was sent last; every copy has another. Word of an older copy says nothing of the job.
    /// </summary>
    public Guid DeliveryId { get; set; }

    /// <summary>
    /// When the broker had its slot's message and its ticket; null before, and from when it is sent again.
    /// </summary>
    public long? SentAt { get; set; }

    /// <summary>When the last ticket for it was sent.</summary>
    public long TicketAt { get; set; }

    /// <summary>How long its ticket may take before another is sent; longer each time.</summary>
    public TimeSpan TicketPatience { get; set; }

    /// <summary>Since when it has been neither in its slot nor at a worker; null while it is.</summary>
    public long? MissingSince { get; set; }

    /// <summary>
    /// Whether the broker dropped it for a newer one while a worker was at it: that worker's result is the only one
    /// that can come.
    /// </summary>
    public bool IsOvertaken { get; set; }

    /// <summary>Whether it is being put into its slot; the ticket comes after that.</summary>
    public bool IsAtSlot { get; set; }

    /// <summary>How often its slot did not take it, in a row, while the broker was there.</summary>
    public int Failures { get; set; }

    /// <summary>Whether it is being sent.</summary>
    public bool IsSending { get; set; }

    /// <summary>Whether it waits for what an earlier process may have got of it.</summary>
    public bool IsParked { get; set; }

    /// <summary>Whether it was taken back while it was being sent.</summary>
    public bool IsWithdrawn { get; set; }
}
