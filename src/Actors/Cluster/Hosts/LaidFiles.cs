using System.Collections.Concurrent;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Transfer;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>
/// The files of open jobs: laid out from when a job is offered, so that they stay while it waits, until it is answered.
/// Files are read and hashed one job after the other, and not for jobs that were answered before their turn.
/// Thread-safe.
/// </summary>
/// <param name="claims">Lays them out.</param>
/// <param name="logger">The log.</param>
internal sealed class LaidFiles(IClaimSource claims, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<JobId, Task<JobClaims>> _laid = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A job is offered.</summary>
    public void Lay(JobId job, RunResources resources)
    {
        var laid = new TaskCompletionSource<JobClaims>(TaskCreationOptions.RunContinuationsAsynchronously);
        _laid[job] = laid.Task;
        _ = Task.Run(() => LayAsync(job, resources, laid));
    }

    /// <summary>The files of a job.</summary>
    /// <exception cref="Storage.BundleException">A file is gone or cannot be read.</exception>
    /// <exception cref="ClaimException">The run has given the checkpoint up.</exception>
    public Task<JobClaims> Of(JobId job) =>
        _laid.TryGetValue(job, out var laid)
            ? laid
            : Task.FromException<JobClaims>(new ClaimException("the run has given the checkpoint up", isMissing: true));

    /// <summary>A job is answered.</summary>
    public void Release(JobId job)
    {
        if (_laid.TryRemove(job, out var laid))
        {
            Afterwards(laid, () => claims.Release(job));
        }
    }

    /// <summary>A run is over.</summary>
    public void Forget(string run)
    {
        var open = _laid.Keys.Where(job => job.Run == run).ToList();
        open.ForEach(Release);
        Afterwards(Task.CompletedTask, () => claims.Forget(run));
    }

    public void Dispose() => _turn.Dispose();

    private async Task LayAsync(JobId job, RunResources resources, TaskCompletionSource<JobClaims> laid)
    {
        try
        {
            await _turn.WaitAsync().ConfigureAwait(false);
            try
            {
                laid.SetResult(
                    _laid.TryGetValue(job, out var wanted) && wanted == laid.Task
                        ? claims.Claim(job, resources)
                        : throw new ClaimException("it was answered meanwhile", isMissing: true)
                );
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception exception)
        {
            // Whoever is assigned the job learns it.
            laid.SetException(exception);
            _ = laid.Task.Exception;
        }
    }

    // Files may be looked at: not on an actor.
    private void Afterwards(Task laid, Action action)
    {
        _ = laid.ContinueWith(_ => action(), TaskScheduler.Default)
            .ContinueWith(
                failed => HostLog.FilesNotReleased(logger, failed.Exception!.GetBaseException()),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
    }
}
