using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics;

/// <summary>
/// The series of one run. Every method is safe to call from any thread, and what one call changes is seen by a scrape
/// all together or not at all. After the run was dropped or evicted, or started anew, calls have no effect.
/// </summary>
public sealed partial class RunMetrics
{
    private readonly MetricRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly CurvatureFamilies _families;
    private readonly SeriesGroup _group;
    private readonly Dictionary<RunState, Gauge> _states;
    private readonly Dictionary<DropReason, Counter> _dropped;
    private readonly Dictionary<string, OperatorSeries> _operators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StabilitySeries> _stability = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AnalysisSeries> _analyses = new(StringComparer.Ordinal);
    private readonly Gauge _end;
    private readonly Gauge _degraded;
    private readonly Gauge _step;
    private readonly Gauge _loss;
    private readonly Gauge _accuracy;
    private readonly Gauge _learningRate;
    private readonly Gauge _momentum;
    private readonly Gauge _batchSize;
    private readonly Gauge _damping;
    private readonly Gauge _gradientNorm;
    private readonly StatisticsSeries _statistics;
    private readonly Dictionary<string, int> _trackedRanks = new(StringComparer.Ordinal);
    private readonly Gauge _checkpointTimestamp;
    private readonly Counter _emitted;
    private readonly Gauge _overhead;
    private long _lastReport;
    private bool _ended;

    /// <summary>Makes the series. The caller holds the registry's lock.</summary>
    internal RunMetrics(
        MetricRegistry registry,
        CurvatureFamilies families,
        RunDescription description,
        TimeProvider clock
    )
    {
        _registry = registry;
        _families = families;
        _clock = clock;
        _group = registry.CreateGroup();
        Name = description.Run;
        var run = families.Run;
        _group.Add(run.Info, Name, description.Model, description.Optimizer, description.Dataset, description.Revision);
        _states = Enum.GetValues<RunState>()
            .ToDictionary(state => state, state => _group.Add(run.State, Name, KnownLabels.Text(state)));
        _group.Add(run.Start, Name).Set(UnixTime.Seconds(description.Started ?? clock.GetUtcNow()));
        _end = _group.Add(run.End, Name);
        _degraded = _group.Add(run.Degraded, Name);
        _degraded.Set(0);
        _step = _group.Add(run.Step, Name);
        _loss = _group.Add(run.Loss, Name);
        _accuracy = _group.Add(run.Accuracy, Name);
        _learningRate = _group.Add(run.LearningRate, Name);
        _momentum = _group.Add(run.Momentum, Name);
        _batchSize = _group.Add(run.BatchSize, Name);
        _damping = _group.Add(run.Damping, Name);
        _statistics = new StatisticsSeries(_group, families.Statistics, Name);
        _gradientNorm = _group.Add(run.GradientNorm, Name);
        _checkpointTimestamp = _group.Add(families.Pipeline.CheckpointTimestamp, Name);
        _emitted = _group.Add(families.Pipeline.Emitted, Name);
        _dropped = Enum.GetValues<DropReason>()
            .ToDictionary(
                reason => reason,
                reason => _group.Add(families.Pipeline.Dropped, Name, KnownLabels.Text(reason))
            );
        _overhead = _group.Add(families.Pipeline.Overhead, Name);
        foreach (var analysis in description.Analyses)
        {
            Analysis(analysis.Label());
        }
        foreach (var name in description.Operators)
        {
            _group.Add(families.Pipeline.Products, Name, name);
        }
        SetState(RunState.Running);
    }

    /// <summary>The run's name.</summary>
    public string Name { get; }

    /// <summary>The present state.</summary>
    public RunState State { get; private set; }

    /// <summary>Whether scrapes still show the run.</summary>
    public bool IsServed => !_group.IsRemoved;

    /// <summary>When something was last reported, by the clock's timestamp. Read under the registry's lock.</summary>
    internal long LastReport => _lastReport;

    /// <summary>
    /// Sets the state. <see cref="RunState.Finished"/> and <see cref="RunState.Failed"/> end the run: the end is
    /// stamped, and the series go when nothing was reported for the grace period. <see cref="RunState.Stale"/> starts
    /// the grace period too.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="time">When the run came into it; now when null.</param>
    public void SetState(RunState state, DateTimeOffset? time = null)
    {
        using var update = BeginReport();
        State = state;
        foreach (var (candidate, gauge) in _states)
        {
            gauge.Set(candidate == state ? 1 : 0);
        }
        var ended = state is RunState.Finished or RunState.Failed;
        if (ended != _ended)
        {
            // The first end counts: saying "finished" again does not move it.
            _end.Set(ended ? UnixTime.Seconds(time ?? _clock.GetUtcNow()) : null);
            _ended = ended;
        }
    }

    /// <summary>A checkpoint broke every worker that began it: the run's measurements have a gap.</summary>
    public void Degrade()
    {
        using var update = BeginReport();
        _degraded.Set(1);
    }

    /// <summary>Echoes a training step. Replaces the previous one as a whole.</summary>
    /// <param name="sample">The step; what is null in it is not exposed.</param>
    public void ReportTraining(TrainingSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var update = BeginReport();
        _step.Set(sample.Step);
        _loss.Set(sample.Loss);
        _learningRate.Set(sample.LearningRate);
        _momentum.Set(sample.Momentum);
        _batchSize.Set(sample.BatchSize);
        _damping.Set(sample.Damping);
        _gradientNorm.Set(sample.GradientNorm);
    }

    /// <summary>
    /// Reports the accuracy, which is evaluated less often than a step is done, and stays until the next evaluation.
    /// </summary>
    /// <param name="accuracy">Share of right answers from 0 to 1, or null when there is none.</param>
    public void ReportAccuracy(double? accuracy)
    {
        using var update = BeginReport();
        _accuracy.Set(accuracy);
    }

    /// <summary>Counts a checkpoint that the trainer emitted.</summary>
    /// <param name="time">When; now when null.</param>
    public void CheckpointEmitted(DateTimeOffset? time = null)
    {
        using var update = BeginReport();
        _emitted.Increment();
        _checkpointTimestamp.Set(UnixTime.Seconds(time ?? _clock.GetUtcNow()));
    }

    /// <summary>Counts a checkpoint that will not be measured.</summary>
    /// <param name="reason">Why.</param>
    public void CheckpointDropped(DropReason reason)
    {
        using var update = BeginReport();
        _dropped[reason].Increment();
    }

    /// <summary>Counts a job that ended.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="duration">How long it took to compute, or null when nothing was computed.</param>
    public void JobEnded(string analysis, JobOutcome outcome, TimeSpan? duration = null)
    {
        using var update = BeginReport();
        Analysis(analysis).Add(outcome, duration);
    }

    /// <summary>Counts a job that failed, together with <see cref="JobEnded"/>.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="reason">Why: one of <see cref="KnownLabels.FailureReasons"/>; another is not counted.</param>
    public void JobFailed(string analysis, string reason)
    {
        using var update = BeginReport();
        Analysis(analysis).Fail(reason);
    }

    /// <summary>Counts curvature products.</summary>
    /// <param name="operatorName">The operator.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void ProductsApplied(string operatorName, long count)
    {
        using var update = BeginReport();
        _group.Add(_families.Pipeline.Products, Name, operatorName).Increment(count);
    }

    /// <summary>Reports the share of wall time that curvature takes.</summary>
    /// <param name="ratio">The share, or null when it is not known yet.</param>
    public void ReportOverhead(double? ratio)
    {
        using var update = BeginReport();
        _overhead.Set(ratio);
    }

    /// <summary>Groups several reports, so that a scrape sees all of them or none.</summary>
    /// <returns>A scope to be disposed on the same thread, soon.</returns>
    public Lock.Scope BeginUpdate() => _registry.BeginUpdate();

    /// <summary>Takes every series of the run away. The caller holds the registry's lock.</summary>
    internal void Drop() => _group.Remove();

    private static TValue Get<TValue>(Dictionary<string, TValue> known, string name, Func<string, TValue> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!known.TryGetValue(name, out var value))
        {
            known.Add(name, value = create(name));
        }
        return value;
    }

    private AnalysisSeries Analysis(string name) =>
        Get(_analyses, name, n => new AnalysisSeries(_group, _families.Pipeline, Name, n));

    private Lock.Scope BeginReport()
    {
        var scope = _registry.BeginUpdate();
        _lastReport = _clock.GetTimestamp();
        return scope;
    }
}
