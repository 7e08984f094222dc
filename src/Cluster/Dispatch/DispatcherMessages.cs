using Akka.Actor;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>A result, from the queue of results.</summary>
internal sealed record ResultCame(Delivery Delivery) : INoSerializationVerificationNeeded;

/// <summary>A job that the broker dropped, from the queue of those.</summary>
internal sealed record DropCame(Delivery Delivery) : INoSerializationVerificationNeeded;

/// <summary>An event, of workers or of jobs that began.</summary>
internal sealed record EventCame(Delivery Delivery) : INoSerializationVerificationNeeded;

/// <summary>A job's answer is in the journal.</summary>
internal sealed record AnswerJournalled(JobId Job) : INoSerializationVerificationNeeded;

/// <summary>A run has offered again all that was open.</summary>
internal sealed record RunSettled(string Run) : INoSerializationVerificationNeeded;

/// <summary>A run has been over for a while: what is not journalled of it will not be.</summary>
internal sealed record RunForgotten(string Run) : INoSerializationVerificationNeeded;

/// <summary>How many results waited when this process began to take them.</summary>
internal sealed record ResultsWaiting(long Count) : INoSerializationVerificationNeeded;

/// <summary>It is time to look at queues, workers and open jobs.</summary>
internal sealed record SweepDue : INoSerializationVerificationNeeded
{
    public static SweepDue Instance { get; } = new();
}

/// <summary>What an earlier process may have got has had its time to arrive.</summary>
internal sealed record CaughtUp : INoSerializationVerificationNeeded
{
    public static CaughtUp Instance { get; } = new();
}
