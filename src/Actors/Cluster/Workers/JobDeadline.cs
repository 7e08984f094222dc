using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>
/// Watches one job from outside: a native call that hangs can be neither cancelled nor interrupted, while the node
/// continues to answer heartbeats. When the time is over it answers the job, on a thread of its own, and ends the
/// process.
/// </summary>
internal sealed class JobDeadline : IDisposable
{
    private readonly WorkerNodeOptions _options;
    private readonly WorkerJob _job;
    private readonly Func<JobAnswer, Task> _answer;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    /// <summary>Begins to watch.</summary>
    /// <param name="options">How long the job may take.</param>
    /// <param name="job">The job.</param>
    /// <param name="answer">Keeps and sends an answer; done when a host has it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public JobDeadline(
        WorkerNodeOptions options,
        WorkerJob job,
        Func<JobAnswer, Task> answer,
        TimeProvider time,
        ILogger logger
    )
    {
        (_options, _job, _answer, _logger) = (options, job, answer, logger);
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
        var message = _job.Message;
        double seconds = _options.JobTimeout.TotalSeconds;
        WorkerNodeLog.TimedOut(_logger, message.Id, seconds);

        // Where no host takes it in time, it is on disk for the next process.
        _answer(
                new JobFailed(
                    message.Id,
                    JobFailureReason.TimedOut,
                    $"it took longer than {seconds:0.###} s; its worker was ended",
                    seconds,
                    message.Attempt
                )
            )
            .Wait(_options.Timings.LastWords);
        (_options.Exit ?? HardExit.Now)(WorkerNodeOptions.TimedOutExitCode);
    }
}
