using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Workers;

internal static partial class WorkerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "What was kept to measure {Run} could not be released")]
    public static partial void ReleaseFailed(ILogger logger, Exception failure, string run);
}
