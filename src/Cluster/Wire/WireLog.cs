using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster.Wire;

/// <summary>What is logged of messages, whoever reads them.</summary>
internal static partial class WireLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A message on {Queue} cannot be read and goes to the dead letters: {Reason}"
    )]
    public static partial void Unreadable(ILogger logger, string queue, string reason);
}
