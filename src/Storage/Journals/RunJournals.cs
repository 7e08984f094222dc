using System.Collections.Concurrent;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Storage.Journals;

/// <summary>
/// The journals of the runs under way. The first to learn an event: what a page or a scrape has shown is on disk.
/// </summary>
public sealed class RunJournals : IMonitorJournal, IDisposable
{
    private readonly ConcurrentDictionary<string, RunJournal> _open = new(StringComparer.Ordinal);
    private volatile bool _stopping;

    /// <summary>Writes a run's events from now on.</summary>
    public void Add(string run, RunJournal journal) => _open[run] = journal;

    /// <summary>No more is written of a run that did not start.</summary>
    public void Remove(string run)
    {
        if (_open.TryRemove(run, out var journal))
        {
            journal.Dispose();
        }
    }

    /// <summary>
    /// The process stops: what is finished from now on is written still, but that a run is cut short is no event of the
    /// run, and what it did not come to is done after the next start.
    /// </summary>
    public void BeginStop() => _stopping = true;

    /// <inheritdoc/>
    public void OnEvent(MonitorEvent monitorEvent)
    {
        if (monitorEvent.Run is not { } run || !_open.TryGetValue(run, out var journal) || !IsLasting(monitorEvent))
        {
            return;
        }

        journal.Append(monitorEvent);
        if (monitorEvent is RunEnded)
        {
            Remove(run);
        }
    }

    /// <inheritdoc/>
    public void OnReplayed(MonitorEvent monitorEvent)
    {
        // It is there already.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string run in _open.Keys)
        {
            Remove(run);
        }
    }

    private bool IsLasting(MonitorEvent monitorEvent) =>
        monitorEvent switch
        {
            ActorRestarted or AnalysisFailed { Reason: JobFailureReason.Cancelled } => false,
            CheckpointMeasured or AnalysisFailed => true,
            RunEnded { Summary.Outcome: RunOutcome.Stopped } => false,
            _ => !_stopping,
        };
}
