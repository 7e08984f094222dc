using System.Collections.Concurrent;
using CurvatureMonitor.Actors.Analysis;

namespace CurvatureMonitor.Actors.Resources;

/// <summary>The resources of the runs of this process, by the run's name. Thread-safe.</summary>
public sealed class ResourceTable
{
    private readonly ConcurrentDictionary<string, RunResources> _runs = new(StringComparer.Ordinal);

    /// <summary>Opens the resources of a run, in place of those of an earlier run of its name.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="probe">Its objective, which stays the caller's.</param>
    /// <returns>The resources; <see cref="Close"/> ends them.</returns>
    public RunResources Open(string run, RunProbe probe)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(probe);
        return _runs[run] = new RunResources(run, probe);
    }

    /// <summary>Finds the resources of a run.</summary>
    /// <param name="run">The run's name.</param>
    /// <returns>The resources; null where no run of that name is under way.</returns>
    public RunResources? Find(string run) => _runs.GetValueOrDefault(run);

    /// <summary>Ends the resources of a run; those of a later run of its name stay.</summary>
    /// <param name="resources">The resources.</param>
    public void Close(RunResources resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        _runs.TryRemove(KeyValuePair.Create(resources.Run, resources));
        resources.Dispose();
    }
}
