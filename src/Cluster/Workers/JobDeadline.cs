using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>
/// Watches one job from outside: a native call that hangs can be neither cancelled nor interrupted, while the client
/// continues to answer the broker's heartbeats. When the time is over it answers the job, on a thread of its own, and
/// ends the process.
/// </summary>
internal sealed class JobDeadline : IDisposable
{
    // A broker that does not answer either must not keep the process alive.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly WorkerOptions _options;
    private readonly WorkerJob _job;
    private readonly Func<BrokerSession?> _session;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    public JobDeadline(
        WorkerOptions options,
        WorkerJob job,
        Func<BrokerSession?> session,
        TimeProvider time,
        ILogger logger
    )
    {
        (_options, _job, _session, _logger) = (options, job, session, logger);
        _timer = time.CreateTimer(_ => Pass(), null, options.JobTimeout, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Pass()
    {
        if (_job.TryAnswer())
        {
            new Thread(End) { IsBackground = true, Name = "job deadline" }.Start();
        }
    }

    private void End()
    {
        var id = _job.Message.Id;
        double seconds = _options.JobTimeout.TotalSeconds;
        WorkerLog.TimedOut(_logger, id, seconds);
        try
        {
            Task.Run(AnswerAsync).Wait(LastWords);
        }
        catch (AggregateException)
        {
            // The broker hands the job out again, and counts.
        }

        (_options.Exit ?? HardExit.Now)(WorkerOptions.TimedOutExitCode);
    }

    private async Task AnswerAsync()
    {
        if (_session() is not { } session)
        {
            return;
        }

        var id = _job.Message.Id;
        double seconds = _options.JobTimeout.TotalSeconds;
        var failed = new JobFailed(
            id,
            JobFailureReason.TimedOut,
            $"it took longer than {seconds:0.###} s; its worker was ended",
            seconds,
            _job.Message.Attempt
        );
        byte[] result = WireJson.Write(ResultMessage.Of(_options.Name, failed));
        await session
            .PublishAsync(
                new BrokerNames(_options.Prefix).ResultsExchange,
                _job.Message.Instance,
                result,
                Guid.NewGuid(),
                LastWords
            )
            .ConfigureAwait(false);
        await _job.AcknowledgeAsync().ConfigureAwait(false);
    }
}
