using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Projections;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics;

/// <summary>
/// The series of one run. Every method is safe to call from any thread, and what one call changes is seen by a scrape
/// all together or not at all. After the run was dropped or evicted, or started again, calls have no effect.
/// </summary>
public sealed class RunMetrics
{
    private readonly MetricRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly SeriesGroup _group;
    private readonly RunSeries _series;
    private readonly StateSeries _state;
    private readonly TrainingSeries _training;
    private readonly PipelineSeries _pipeline;
    private bool _diverged;

    /// <summary>Makes the series. The caller holds the registry's lock.</summary>
    internal RunMetrics(
        MetricRegistry registry,
        CurvatureFamilies families,
        RunDescription description,
        TimeProvider clock
    )
    {
        _registry = registry;
        _clock = clock;
        _group = registry.CreateGroup();
        _series = new RunSeries(_group, families, description);
        _state = new StateSeries(_series, description.Started ?? clock.GetUtcNow());
        _training = new TrainingSeries(_series);
        _pipeline = new PipelineSeries(_series);
        SetState(RunState.Running);
    }

    /// <summary>The run's name.</summary>
    public string Name => Description.Run;

    /// <summary>What the run is.</summary>
    public RunDescription Description => _series.Description;

    /// <summary>The present state.</summary>
    public RunState State { get; private set; }

    /// <summary>Whether its trainer is at work, be it on numbers that are none.</summary>
    internal bool IsUnderWay => State is RunState.Running or RunState.Diverged;

    /// <summary>Whether scrapes still show the run.</summary>
    public bool IsServed => !_group.IsRemoved;

    /// <summary>When something was last reported, by the clock's timestamp. Read under the registry's lock.</summary>
    internal long LastReport { get; private set; }

    /// <summary>Sets what an event of this run tells; one that tells nothing about its series changes none.</summary>
    /// <param name="monitorEvent">The event.</param>
    public void Apply(MonitorEvent monitorEvent)
    {
        using var update = BeginUpdate();
        switch (monitorEvent)
        {
            case TrainingProgressed progressed:
                _training.Set(progressed);
                break;
            case TrainingReported reported:
                _training.Set(reported);
                break;
            case CheckpointTaken taken:
                _pipeline.Emitted(taken.Time);
                break;
            case CheckpointDropped dropped:
                _pipeline.Dropped(dropped.Reason);
                break;
            case CheckpointMeasured measured:
                _pipeline.Measured(measured);
                Projection.ApplyAll(measured, _series);
                if (_diverged)
                {
                    // Of a checkpoint from before the training broke.
                    StabilityProjection.Clear(_series);
                }

                break;
            case AnalysisFailed failed:
                _pipeline.Failed(failed);
                break;
            case RunDegraded:
                _state.Degrade();
                break;
            case TrainerSilent:
                SetState(RunState.Stale);
                break;
            case TrainerHeard:
                SetState(_diverged ? RunState.Diverged : RunState.Running);
                break;
            case TrainingDiverged:
                _diverged = true;
                SetState(RunState.Diverged);
                StabilityProjection.Clear(_series);
                break;
            case TrainingRecovered:
                _diverged = false;
                SetState(RunState.Running);
                break;
            case RunBranched branched:
                _state.Branch(branched.Branch);
                break;
            case RunEnded ended:
                _pipeline.Ended(ended.Summary);
                SetState(
                    ended.Summary.Outcome is RunOutcome.Finished or RunOutcome.Stopped
                        ? RunState.Finished
                        : RunState.Failed,
                    ended.Time
                );
                break;
            default:
                return;
        }

        LastReport = _clock.GetTimestamp();
    }

    /// <summary>
    /// Sets the state. <see cref="RunState.Finished"/> and <see cref="RunState.Failed"/> end the run: the end is
    /// stamped, and the series go when nothing was reported for the grace period. <see cref="RunState.Stale"/> starts
    /// the grace period too.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="time">When the run came into it; now when null.</param>
    public void SetState(RunState state, DateTimeOffset? time = null)
    {
        using var update = BeginUpdate();
        State = state;
        _state.Set(state, time ?? _clock.GetUtcNow());
        LastReport = _clock.GetTimestamp();
    }

    /// <summary>Counts a job that ended.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="duration">How long it took to compute, or null when nothing was computed.</param>
    public void JobEnded(string analysis, JobOutcome outcome, TimeSpan? duration = null)
    {
        using var update = BeginUpdate();
        _pipeline.JobEnded(analysis, outcome, duration);
        LastReport = _clock.GetTimestamp();
    }

    /// <summary>Groups several reports, so that a scrape sees all of them or none.</summary>
    /// <returns>A scope to be disposed on the same thread, soon.</returns>
    public Lock.Scope BeginUpdate() => _registry.BeginUpdate();

    /// <summary>Takes every series of the run away. The caller holds the registry's lock.</summary>
    internal void Drop() => _group.Remove();
}
