using System.Buffers;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics;

/// <summary>
/// The metrics of the product: the catalogue, the runs with their life cycle, and the process. A number that is not
/// known has no sample; it is never 0. Every method is safe to call from any thread.
/// </summary>
/// <remarks>
/// A run's series appear together with <see cref="StartRun"/> and disappear together: a grace period after the last
/// report of a run that has ended, or by eviction when there are too many runs, the longest ended first, then the
/// longest silent. Expiry is looked at when a snapshot is taken, so there is no timer.
/// </remarks>
public sealed class CurvatureMetrics
{
    private readonly CurvatureMetricsOptions _options;
    private readonly TimeProvider _clock;
    private readonly CurvatureFamilies _families;
    private readonly ProcessSeries _process;
    private readonly Dictionary<string, RunMetrics> _runs = new(StringComparer.Ordinal);

    /// <summary>Registers every family.</summary>
    /// <param name="options">Settings; the defaults when null.</param>
    /// <param name="clock">The clock; the system's when null.</param>
    /// <exception cref="ArgumentException">The cap on runs is below 1, or the grace period is negative.</exception>
    public CurvatureMetrics(CurvatureMetricsOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new CurvatureMetricsOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxRuns, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.GracePeriod, TimeSpan.Zero, nameof(options));
        _clock = clock ?? TimeProvider.System;
        _families = new CurvatureFamilies(Registry);
        _process = new ProcessSeries(Registry, _families.Process, _options.Version, _options.Revision);
        Cluster = new ClusterMetrics(Registry, _families.Cluster);
        Registry.AddCollector(DropExpired);
    }

    /// <summary>The metrics of a cluster.</summary>
    public ClusterMetrics Cluster { get; }

    /// <summary>The registry, for families of other origin beside those of the catalogue.</summary>
    public MetricRegistry Registry { get; } = new();

    /// <summary>Name, help, type, unit and labels of every family: what documentation is generated from.</summary>
    public IReadOnlyList<MetricDescriptor> Descriptors => Registry.Descriptors;

    /// <summary>Names of the runs whose series are served.</summary>
    public IReadOnlyList<string> Runs
    {
        get
        {
            using var update = Registry.BeginUpdate();
            return [.. _runs.Keys];
        }
    }

    /// <summary>
    /// Starts the series of a run. A run of the same name that is still served is replaced; its handle has no effect
    /// from then on.
    /// </summary>
    /// <param name="description">What the run is.</param>
    /// <returns>The handle to report to.</returns>
    /// <exception cref="ArgumentException">The run, or one of its operators, has no name.</exception>
    public RunMetrics StartRun(RunDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentException.ThrowIfNullOrEmpty(description.Run);
        if (description.Operators.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException(
                $"Run '{description.Run}' names an operator that is empty.",
                nameof(description)
            );
        }
        using var update = Registry.BeginUpdate();
        DropExpired();
        if (_runs.Remove(description.Run, out var previous))
        {
            previous.Drop();
        }
        while (_runs.Count >= _options.MaxRuns)
        {
            var victim = _runs.Values.MinBy(run => (run.IsUnderWay, run.LastReport))!;
            _runs.Remove(victim.Name);
            victim.Drop();
            _process.RunEvicted();
        }
        var run = new RunMetrics(Registry, _families, description, _clock);
        _runs.Add(run.Name, run);
        return run;
    }

    /// <summary>Announces an actor, so that its restarts are counted from 0.</summary>
    /// <param name="actor">The actor's name: one of few, no serial number in it.</param>
    public void AddActor(string actor) => _process.AddActor(actor);

    /// <summary>Takes the series of an actor away: it has stopped for good.</summary>
    /// <param name="actor">The actor's name.</param>
    public void RemoveActor(string actor) => _process.RemoveActor(actor);

    /// <summary>Counts a restart of an actor by its supervisor.</summary>
    /// <param name="actor">The actor's name.</param>
    public void ActorRestarted(string actor) => _process.ActorRestarted(actor);

    /// <summary>Reports how many messages wait in the mailbox of an actor.</summary>
    /// <param name="actor">The actor's name.</param>
    /// <param name="depth">How many, or null when that is not known.</param>
    public void ReportMailboxDepth(string actor, long? depth) => _process.ReportMailboxDepth(actor, depth);

    /// <summary>Counts a job's answer that came a second time.</summary>
    /// <param name="run">The run; nothing is counted where it is not served.</param>
    /// <param name="analysis">The analysis.</param>
    public void DuplicateAnswer(string run, string analysis)
    {
        using var update = Registry.BeginUpdate();
        if (_runs.TryGetValue(run, out var metrics))
        {
            metrics.JobEnded(analysis, JobOutcome.Duplicate);
        }
    }

    /// <summary>Counts a message that no actor received.</summary>
    public void DeadLetter() => _process.DeadLetter();

    /// <summary>
    /// Reports the live objects that hold tensors, and native memory in use; null where it cannot be told.
    /// </summary>
    /// <param name="objects">How many.</param>
    /// <param name="bytes">Bytes of native memory.</param>
    public void ReportNative(long? objects, long? bytes) => _process.ReportNative(objects, bytes);

    /// <summary>
    /// Adds an action that runs before every scrape, to refresh values that are read rather than reported (mailboxes,
    /// objects that hold tensors).
    /// </summary>
    /// <param name="collect">The action; what it throws fails the scrape.</param>
    public void AddCollector(Action<CurvatureMetrics> collect)
    {
        ArgumentNullException.ThrowIfNull(collect);
        Registry.AddCollector(() => collect(this));
    }

    /// <summary>Writes everything, as it is at one instant. Many scrapes may run at once.</summary>
    /// <param name="format">The format, from <see cref="ExpositionFormat.Negotiate"/>.</param>
    /// <param name="output">Where the UTF-8 text goes, for example the body writer of an HTTP response.</param>
    public void Write(ExpositionFormat format, IBufferWriter<byte> output)
    {
        using var snapshot = Registry.Snapshot();
        ExpositionWriter.Write(snapshot, format, output);
    }

    private void DropExpired()
    {
        using var update = Registry.BeginUpdate();
        foreach (var run in _runs.Values)
        {
            if (!run.IsUnderWay && _clock.GetElapsedTime(run.LastReport) >= _options.GracePeriod)
            {
                _runs.Remove(run.Name); // removing while enumerating is allowed for Dictionary
                run.Drop();
            }
        }
    }
}
