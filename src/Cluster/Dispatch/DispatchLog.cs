using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>What the dispatcher logs.</summary>
internal static partial class DispatchLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Job} could not be sent and is sent again: {Reason}")]
    public static partial void NotSent(ILogger logger, JobId job, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The {Job} is neither in its slot nor at a worker, and is sent again"
    )]
    public static partial void Stranded(ILogger logger, JobId job);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The {Job} broke every worker that began it: it is given up and kept in the dead letters"
    )]
    public static partial void Poison(ILogger logger, JobId job);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The dead letter of the {Job} could not be kept and is kept later: {Reason}"
    )]
    public static partial void PoisonNotKept(ILogger logger, JobId job, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No worker can do the {Job}: it takes {Needs}; it waits for one that can"
    )]
    public static partial void NoWorker(ILogger logger, JobId job, string needs);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "The {Job} was dropped for a newer one while a worker is at it, whose result is still taken"
    )]
    public static partial void Overtaken(ILogger logger, JobId job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What an operation on the broker was for is not done: {Reason}")]
    public static partial void OperationFailed(ILogger logger, string reason);
}
