using Akka.Actor;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>The host takes part in the cluster again.</summary>
internal sealed record NodeStarted : INoSerializationVerificationNeeded
{
    public static NodeStarted Instance { get; } = new();
}

/// <summary>The host could not take part in the cluster again.</summary>
internal sealed record NodeNotStarted(Exception Exception) : INoSerializationVerificationNeeded;

/// <summary>A job's answer is in the journal.</summary>
internal sealed record AnswerJournalled(JobId Job) : INoSerializationVerificationNeeded;

/// <summary>A run has offered again all that was open.</summary>
internal sealed record RunSettled(string Run) : INoSerializationVerificationNeeded;

/// <summary>A run has been over for a while: what is not journalled of it will not be.</summary>
internal sealed record RunLongOver(string Run) : INoSerializationVerificationNeeded;

/// <summary>It is time to look at what waits.</summary>
internal sealed record SweepDue : INoSerializationVerificationNeeded
{
    public static SweepDue Instance { get; } = new();
}

/// <summary>The files of an assigned job are laid out.</summary>
internal sealed record ClaimsLaid(long Assignment, JobClaims Claims) : INoSerializationVerificationNeeded;

/// <summary>The files of an assigned job cannot be laid out.</summary>
internal sealed record ClaimsRefused(long Assignment, Exception Exception) : INoSerializationVerificationNeeded;

/// <summary>An assigned job is on its way to its worker.</summary>
internal sealed record JobGiven(Address Worker, JobId Job) : INoSerializationVerificationNeeded;

/// <summary>An assigned job is cancelled.</summary>
internal sealed record AssignmentCancelled(long Assignment) : INoSerializationVerificationNeeded;

/// <summary>Asks a host how it is; answered by <see cref="HostStatus"/>.</summary>
internal sealed record GetHostStatus : INoSerializationVerificationNeeded
{
    public static GetHostStatus Instance { get; } = new();
}
