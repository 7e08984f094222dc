using System.Collections.Concurrent;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>
/// The runs under way, and who waits for their end. The last of the observers, so that the others have seen a run's end
/// before it is told.
/// </summary>
internal sealed class RunCompletions : IMonitorObserver
{
    private volatile bool _closed;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RunSummary>> _runs = new(StringComparer.Ordinal);

    /// <summary>No more runs begin.</summary>
    public void Close() => _closed = true;

    /// <summary>Makes sure that runs may begin.</summary>
    /// <exception cref="MonitorStoppingException">The monitor is stopping.</exception>
    public void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new MonitorStoppingException();
        }
    }

    /// <summary>A run begins.</summary>
    /// <exception cref="UserErrorException">One of that name is under way.</exception>
    public Task<RunSummary> Begin(string run)
    {
        var completion = new TaskCompletionSource<RunSummary>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _runs.TryAdd(run, completion)
            ? completion.Task
            : throw new UserErrorException($"a run '{run}' is under way: give this one another name");
    }

    /// <summary>A run that had begun could not be started.</summary>
    public void Withdraw(string run) => _runs.TryRemove(run, out _);

    /// <summary>Done when every run that is under way now has ended.</summary>
    public Task All => Task.WhenAll(_runs.Values.Select(completion => completion.Task));

    public void OnEvent(MonitorEvent monitorEvent)
    {
        if (monitorEvent is RunEnded ended && _runs.TryRemove(ended.Summary.Run, out var completion))
        {
            completion.TrySetResult(ended.Summary);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Abandon()
    {
        foreach (var run in _runs.Keys)
        {
            if (_runs.TryRemove(run, out var completion))
            {
                completion.TrySetCanceled();
            }
        }
    }
}
