using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>A ticket came.</summary>
internal sealed record TicketCame(BrokerSession Session, Delivery Delivery) : INoSerializationVerificationNeeded;

/// <summary>An event came: of a run that is cancelled or over, or a call.</summary>
internal sealed record EventHeard(Delivery Delivery) : INoSerializationVerificationNeeded;

/// <summary>What a slot held; nothing where null.</summary>
internal sealed record SlotRead(BrokerSession Session, Delivery? Delivery) : INoSerializationVerificationNeeded;

/// <summary>A ticket that this worker cannot serve is at the tail of its queue again.</summary>
internal sealed record TicketReturned(Delivery Ticket) : INoSerializationVerificationNeeded;

/// <summary>The files of a job are here.</summary>
internal sealed record FilesCame(WorkerJob Job, RunProbe Probe, Checkpoint Checkpoint)
    : INoSerializationVerificationNeeded;

/// <summary>The files of a job cannot be had.</summary>
internal sealed record FilesFailed(WorkerJob Job, Exception Exception) : INoSerializationVerificationNeeded;

/// <summary>The result of a job is with the broker.</summary>
internal sealed record ResultSent(WorkerJob Job) : INoSerializationVerificationNeeded;

/// <summary>The result of a job is not with the broker.</summary>
internal sealed record ResultNotSent(WorkerJob Job, BrokerSession Session, Exception Exception)
    : INoSerializationVerificationNeeded;

/// <summary>Consuming tickets began.</summary>
internal sealed record TicketsConsumed(BrokerSession Session) : INoSerializationVerificationNeeded;

/// <summary>Something on the broker failed for a reason that a new connection may mend.</summary>
internal sealed record SessionFailed(BrokerSession Session, Exception Exception) : INoSerializationVerificationNeeded;

/// <summary>It is time to say that the worker is there.</summary>
internal sealed record HeartbeatDue : INoSerializationVerificationNeeded
{
    public static HeartbeatDue Instance { get; } = new();
}

/// <summary>It is time to send a result again.</summary>
internal sealed record SendDue : INoSerializationVerificationNeeded
{
    public static SendDue Instance { get; } = new();
}

/// <summary>Take no more jobs, and end after the one at hand.</summary>
internal sealed record StopWorker : INoSerializationVerificationNeeded
{
    public static StopWorker Instance { get; } = new();
}

/// <summary>End without the job at hand: it goes back.</summary>
internal sealed record GiveUpJob : INoSerializationVerificationNeeded
{
    public static GiveUpJob Instance { get; } = new();
}
