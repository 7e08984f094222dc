using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Series;

/// <summary>What a run is, and the state that it is in.</summary>
internal sealed class StateSeries
{
    private readonly Dictionary<RunState, Gauge> _states;
    private readonly Gauge _end;
    private readonly Gauge _degraded;
    private readonly Gauge _branch;
    private bool _ended;

    public StateSeries(RunSeries run, DateTimeOffset started)
    {
        var (families, description) = (run.Families.Run, run.Description);
        run.Add(families.Info, description.Model, description.Optimizer, description.Dataset, description.Revision);
        if (description.Loss.Length > 0)
        {
            run.Add(
                families.Objective,
                description.Loss,
                description.BatchNorm,
                description.Trained,
                description.Autocast
            );
        }

        _states = Enum.GetValues<RunState>()
            .ToDictionary(state => state, state => run.Add(families.State, KnownLabels.Text(state)));
        run.Set(families.Start, UnixTime.Seconds(started));
        _end = run.Add(families.End);
        _degraded = run.Add(families.Degraded);
        _degraded.Set(0);
        _branch = run.Add(families.Branch);
        _branch.Set(1);
    }

    /// <summary>The training was taken up again from an earlier step.</summary>
    public void Branch(int number) => _branch.Set(number);

    /// <summary>A checkpoint broke every worker that began it: the run's measurements have a gap.</summary>
    public void Degrade() => _degraded.Set(1);

    public void Set(RunState state, DateTimeOffset time)
    {
        foreach (var (candidate, gauge) in _states)
        {
            gauge.Set(candidate == state ? 1 : 0);
        }

        // The first end counts: saying "finished" again does not move it.
        var ended = state is RunState.Finished or RunState.Failed;
        if (ended != _ended)
        {
            _end.Set(ended ? UnixTime.Seconds(time) : null);
            _ended = ended;
        }
    }
}
