namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>The runs whose models and probe sets a worker keeps ready: so many, those used last.</summary>
internal sealed class KeptRuns(int most)
{
    private readonly LinkedList<(string Instance, string Run)> _runs = new();

    /// <summary>A run is used.</summary>
    /// <returns>The name of one to release; null where there is room.</returns>
    public string? Use(string instance, string run)
    {
        _runs.Remove((instance, run));
        _runs.AddFirst((instance, run));
        if (_runs.Count <= most)
        {
            return null;
        }

        var last = _runs.Last!.Value;
        _runs.RemoveLast();
        return _runs.Any(other => other.Run == last.Run) ? null : last.Run;
    }

    /// <summary>A run is over.</summary>
    /// <returns>Whether something of that name can be released.</returns>
    public bool Forget(string instance, string run) =>
        _runs.Remove((instance, run)) && !_runs.Any(other => other.Run == run);
}
