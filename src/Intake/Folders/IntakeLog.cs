using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Intake.Folders;

internal static partial class IntakeLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A bug keeps {Folder} from being watched; it is tried again")]
    internal static partial void WatchFailed(ILogger logger, Exception failure, string folder);
}
