using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Storage.Transfer;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>Gets the files of jobs, and asks again for a while where their host is away.</summary>
/// <param name="options">For which device, and how long the host may be away.</param>
/// <param name="cache">What has them, or gets them.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class JobFiles(WorkerNodeOptions options, IClaimCache cache, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets them.</summary>
    /// <param name="job">The job.</param>
    /// <exception cref="ClaimException">They cannot be had; that the host is away is believed after a
    /// while.</exception>
    public async Task<FilesCame> FetchAsync(WorkerJob job)
    {
        long started = time.GetTimestamp();
        var (message, cancellation) = (job.Message, job.Cancellation.Token);
        for (var pause = FirstPause; ; pause *= 2)
        {
            try
            {
                // Reading and hashing files is no work for the actor.
                return await Task.Run(() => FetchOnceAsync(job, cancellation), cancellation).ConfigureAwait(false);
            }
            catch (ClaimException unreachable)
                when (unreachable.IsHostAway && time.GetElapsedTime(started) + pause < options.Timings.ClaimPatience)
            {
                WorkerNodeLog.ClaimsFailed(logger, message.Id, unreachable.Message);
                await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<FilesCame> FetchOnceAsync(WorkerJob job, CancellationToken cancellation)
    {
        var message = job.Message;
        var probe = await cache
            .GetProbeAsync(message.Id.Run, message.Claims, message.ElementType, options.Device, cancellation)
            .ConfigureAwait(false);
        var checkpoint = await cache
            .GetCheckpointAsync(message.Id.Run, message.Id.Step, message.Claims, cancellation)
            .ConfigureAwait(false);
        return new FilesCame(job, probe, checkpoint);
    }
}
