using Akka;
using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Requests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Actors.Hosting;

/// <summary>
/// The orderly end, by the phases of Akka.NET's coordinated shutdown, which the host's own end runs. No new run is
/// accepted; trainers end after their current step; measurements are finished if they are quick, else given up between
/// two curvature products; every finished one is delivered to journal, metrics and observers; every run reports its
/// end.
/// </summary>
internal sealed class MonitorShutdown(
    MonitorActors actors,
    RunCompletions completions,
    IOptions<MonitorOptions> options,
    TimeProvider time,
    ILogger<MonitorShutdown> logger
)
{
    private readonly TimeSpan _grace = options.Value.ShutdownGrace;

    /// <summary>Registers the tasks of the phases.</summary>
    public void Register(ActorSystem system)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "refuse-runs", RefuseRuns);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "wind-up-runs", WindUpAsync);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "publish", PublishAsync);
    }

    private Task<Done> RefuseRuns()
    {
        completions.Close();
        return Task.FromResult(Done.Instance);
    }

    private async Task<Done> WindUpAsync()
    {
        // A measurement that ends in the first part of the time is quick. The longest part is for one curvature
        // product, which nothing can interrupt; what has not come back by then is given up, so that every run reports
        // its end in time.
        var stopped = actors.Runs.Ask<AllRunsStopped>(StopAllRuns.Instance, _grace);
        if (!await EndsWithin(stopped, _grace * 0.3).ConfigureAwait(false))
        {
            actors.Runs.Tell(CancelAllJobs.Instance, ActorRefs.NoSender);
            if (!await EndsWithin(stopped, _grace * 0.4).ConfigureAwait(false))
            {
                actors.Runs.Tell(AbandonAllJobs.Instance, ActorRefs.NoSender);
                if (!await EndsWithin(completions.All, _grace * 0.1).ConfigureAwait(false))
                {
                    MonitorLog.StopTimedOut(logger, _grace.TotalSeconds);
                }
            }
        }

        return Done.Instance;
    }

    // The runs reported their last before they stopped; the actor that answers this has passed it on.
    private async Task<Done> PublishAsync()
    {
        await EndsWithin(actors.Metrics.Ask<Flushed>(Flush.Instance, _grace), _grace * 0.1).ConfigureAwait(false);
        completions.Abandon();
        return Done.Instance;
    }

    private async Task<bool> EndsWithin(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, time).ConfigureAwait(false);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or AskTimeoutException)
        {
            return false;
        }
    }
}
