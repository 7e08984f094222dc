using System.Collections.Concurrent;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// Runs between the facade that prepared them and the actor that starts them: what a run is constructed with is no
/// data, and does not travel in a message. Thread-safe.
/// </summary>
internal sealed class RunsToStart
{
    private readonly ConcurrentDictionary<string, RunContext> _runs = new(StringComparer.Ordinal);

    /// <summary>Puts a run down.</summary>
    public void Add(RunContext context) => _runs[context.Description.Run] = context;

    /// <summary>Takes a run up.</summary>
    /// <returns>The run; null where there is none of that name.</returns>
    public RunContext? Take(string run) => _runs.TryRemove(run, out var context) ? context : null;
}
