using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster;

internal static partial class ClusterLog
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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A message on {Queue} cannot be read and goes to the dead letters: {Reason}"
    )]
    public static partial void Unreadable(ILogger logger, string queue, string reason);

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
        Message = "No worker can do the {Job}: it takes {Needs}; it waits for one that can"
    )]
    public static partial void NoWorker(ILogger logger, JobId job, string needs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What an operation on the broker was for is not done: {Reason}")]
    public static partial void OperationFailed(ILogger logger, string reason);

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

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The dead letter of the {Job} could not be kept and is kept later: {Reason}"
    )]
    public static partial void PoisonNotKept(ILogger logger, JobId job, string reason);
}
