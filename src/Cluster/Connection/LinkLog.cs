using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>What a link to the broker logs.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Broker}")]
    public static partial void Connected(ILogger logger, BrokerAddress broker);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection to {Broker}: {Reason}; trying again")]
    public static partial void NotConnected(ILogger logger, BrokerAddress broker, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The connection to {Broker} is lost: {Reason}; connecting again"
    )]
    public static partial void Lost(ILogger logger, BrokerAddress broker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Broker} {What}")]
    public static partial void Blocked(ILogger logger, BrokerAddress broker, string what);
}
