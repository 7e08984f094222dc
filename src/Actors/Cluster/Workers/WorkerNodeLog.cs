using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>What a worker logs.</summary>
internal static partial class WorkerNodeLog
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The {Job} took longer than {Seconds} s: this process ends"
    )]
    public static partial void TimedOut(ILogger logger, JobId job, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Job} is left to its host: {Reason}")]
    public static partial void LeftToHost(ILogger logger, JobId job, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of the {Job} could not be fetched: {Reason}")]
    public static partial void ClaimsFailed(ILogger logger, JobId job, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This worker ends, and another must take its place: {Reason}")]
    public static partial void Leaving(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "An answer cannot be kept in {Folder} and is lost if this process ends before a host has it: {Reason}"
    )]
    public static partial void NotKept(ILogger logger, string folder, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A kept answer is given up: {File} {Reason}")]
    public static partial void GivenUp(ILogger logger, string file, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Count} answers of an earlier process are kept until their hosts take them"
    )]
    public static partial void Adopted(ILogger logger, int count);
}
