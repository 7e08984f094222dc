using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>What a worker logs.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The {Job} took longer than {Seconds} s: this process ends")]
    public static partial void TimedOut(ILogger logger, JobId job, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The result of the {Job} could not be sent and is sent again: {Reason}"
    )]
    public static partial void ResultNotSent(ILogger logger, JobId job, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The {Job} is left to its host, which does not answer: {Reason}"
    )]
    public static partial void LeftToHost(ILogger logger, JobId job, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of the {Job} could not be fetched: {Reason}")]
    public static partial void ClaimsFailed(ILogger logger, JobId job, string reason);
}
