using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Publishing;

internal static partial class MonitorLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Observer} failed on {Event}; it continues with the next")]
    public static partial void ObserverFailed(ILogger logger, Exception failure, string observer, string @event);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The monitor did not stop within {Seconds} s; what still computes ends with the process"
    )]
    public static partial void StopTimedOut(ILogger logger, double seconds);
}
