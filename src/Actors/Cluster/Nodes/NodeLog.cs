using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>What is logged of the cluster itself.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The connection with {Peer} is refused: its certificate {Subject} {Reason}"
    )]
    public static partial void Refused(ILogger logger, string peer, string subject, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection with {Address}: {Reason}")]
    public static partial void NotConnected(ILogger logger, Address address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Role} {Address} is in the cluster")]
    public static partial void Came(ILogger logger, string role, Address address);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Role} {Address} is lost: {Signal}")]
    public static partial void Lost(ILogger logger, string role, Address address, LossSignal signal);
}
