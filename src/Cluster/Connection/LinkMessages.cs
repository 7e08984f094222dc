using Akka.Actor;

namespace CurvatureMonitor.Cluster.Connection;

// These messages, and those of dispatcher and worker, hold sessions and deliveries: they never leave the process, and
// are exempt from the check that messages can be written and read.

/// <summary>A link tells its owner: connected and declared; deliveries of this session may come from now on.</summary>
internal sealed record LinkUp(BrokerSession Session) : INoSerializationVerificationNeeded;

/// <summary>A link tells its owner: the consumers are there, all of it works.</summary>
internal sealed record LinkReady(BrokerSession Session) : INoSerializationVerificationNeeded;

/// <summary>
/// A link tells its owner: the session is over. What was delivered by it is delivered again, and what was not confirmed
/// may be there or not.
/// </summary>
internal sealed record LinkDown(BrokerSession Session, string Reason) : INoSerializationVerificationNeeded;

/// <summary>
/// A link tells its owner: the broker takes no messages for now (its memory or disk is used up), or takes them again.
/// </summary>
internal sealed record LinkBlocked(BrokerSession Session, bool IsBlocked) : INoSerializationVerificationNeeded;
