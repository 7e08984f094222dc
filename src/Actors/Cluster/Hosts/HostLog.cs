using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>What a host logs of its workers.</summary>
internal static partial class HostLog
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The {Job} ended {Attempts} workers that began it: the checkpoint is given up"
    )]
    public static partial void Poison(ILogger logger, JobId job, int attempts);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No worker can do the {Job}: it takes a worker on {Device} with {Bytes} bytes; it waits for one"
    )]
    public static partial void NoWorker(ILogger logger, JobId job, string device, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "No worker is in the cluster: {Jobs} jobs wait for one")]
    public static partial void NobodyThere(ILogger logger, int jobs);

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker {Worker} gave a job back: {Reason}")]
    public static partial void Returned(ILogger logger, string worker, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "A worker keeps an answer to the {Job}, which nobody has offered yet"
    )]
    public static partial void Unknown(ILogger logger, JobId job);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The cluster has no place for this host any more: it joins again, and its workers start anew"
    )]
    public static partial void ShutOut(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The host's certificate was renewed: it joins again with it, and its workers start anew"
    )]
    public static partial void Renewed(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The host cannot take part in the cluster, and tries again: {Reason}"
    )]
    public static partial void NotStarted(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files laid out for workers could not be released")]
    public static partial void FilesNotReleased(ILogger logger, Exception exception);
}
