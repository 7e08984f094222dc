using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Wire;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>A message came over the network.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">The gate of the process that sent it.</param>
internal sealed record WireCame(IWireMessage Message, IActorRef Sender) : INoSerializationVerificationNeeded;

/// <summary>A member has joined the cluster, or is reached again.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Role">What it is there for.</param>
internal sealed record MemberCame(Address Address, string Role) : INoSerializationVerificationNeeded;

/// <summary>A member is lost, perhaps for a while only.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Role">What it was there for.</param>
/// <param name="Signal">How that was noticed.</param>
internal sealed record MemberLost(Address Address, string Role, LossSignal Signal)
    : INoSerializationVerificationNeeded;

/// <summary>The cluster has no place for this process any more: another process must take its.</summary>
/// <param name="Reason">One line for a person.</param>
internal sealed record NodeShutOut(string Reason) : INoSerializationVerificationNeeded;

/// <summary>The node of this process has ended.</summary>
/// <param name="Node">The node.</param>
internal sealed record NodeEnded(ClusterNode Node) : INoSerializationVerificationNeeded;
