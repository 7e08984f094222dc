using System.Text.Json;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.Streaming;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.History;

/// <summary>
/// The history of the runs of this process: a bounded picture of each, kept in memory, and a stream of everything that
/// is recorded. A report about a run that never started makes the run known, so that no order of messages loses
/// numbers. Thread-safe.
/// </summary>
internal sealed class RunHistory(RunHistoryOptions? options = null, TimeProvider? clock = null)
    : IRunRecorder,
        IRunHistory
{
    private static readonly TimeSpan CountEventInterval = TimeSpan.FromMilliseconds(250);

    private readonly RunHistoryOptions _options = options ?? new RunHistoryOptions();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RunRecord> _runs = new(StringComparer.Ordinal);
    private readonly EventHub _hub = new((options ?? new RunHistoryOptions()).ClientQueue);
    private long _order;

    /// <summary>Number of clients that listen now.</summary>
    public int Listeners => _hub.Subscribers;

    /// <inheritdoc/>
    public void Start(RunDescription description)
    {
        ArgumentException.ThrowIfNullOrEmpty(description.Run);
        lock (_gate)
        {
            PublishSummary(Open(description));
        }
    }

    /// <inheritdoc/>
    public void ChangeState(string run, RunState state)
    {
        lock (_gate)
        {
            RunRecord record = FindOrOpen(run);
            FlushTraining(record);
            if (record.Summary.State != state)
            {
                record.Summary = record.Summary with { State = state };
                PublishSummary(record);
            }
        }
    }

    /// <inheritdoc/>
    public void Diverge(string run, long? step, string? what)
    {
        lock (_gate)
        {
            RunRecord record = FindOrOpen(run);
            FlushTraining(record);
            record.Summary = record.Summary with
            {
                State = step is null ? RunState.Running : RunState.Diverged,
                DivergedSince = step,
                Divergence = what,
                StabilityLimit = step is null ? record.Summary.StabilityLimit : null,
                StabilityRatio = step is null ? record.Summary.StabilityRatio : null,
            };
            PublishSummary(record);
        }
    }

    /// <inheritdoc/>
    public void Branch(string run, int branch, long step)
    {
        lock (_gate)
        {
            RunRecord record = FindOrOpen(run);
            FlushTraining(record);
            record.Summary = record.Summary with { Branch = branch, BranchStep = step };
            PublishSummary(record);
        }
    }

    /// <inheritdoc/>
    public void Add(TrainingPoint point)
    {
        lock (_gate)
        {
            RunRecord record = FindOrOpen(point.Run);
            record.Withheld = record.Add(point);
            if (record.TrainingSentAt is not { } sent || _clock.GetElapsedTime(sent) >= _options.TrainingEventInterval)
            {
                FlushTraining(record);
            }
        }
    }

    /// <inheritdoc/>
    public void Add(MeasurementPoint measurement)
    {
        lock (_gate)
        {
            RunRecord record = FindOrOpen(measurement.Run);
            MeasurementPoint placed = record.Add(measurement);
            _hub.Publish("measurement", () => JsonSerializer.Serialize(placed, ReportJson.Options));
            PublishSummary(record);
        }
    }

    /// <inheritdoc/>
    public void Add(RunEvent runEvent)
    {
        lock (_gate)
        {
            FindOrOpen(runEvent.Run).Add(runEvent);
            _hub.Publish("event", () => JsonSerializer.Serialize(runEvent, ReportJson.Options));
        }
    }

    /// <inheritdoc/>
    public void CountDropped(string run, long dropped)
    {
        lock (_gate)
        {
            RunRecord record = FindOrOpen(run);
            if (record.Summary.Dropped == dropped)
            {
                return;
            }

            record.Summary = record.Summary with { Dropped = dropped };
            // A count that rises fast travels with the next summary; the change of state at the end sends the last one
            // in any case.
            if (record.SummarySentAt is not { } sent || _clock.GetElapsedTime(sent) >= CountEventInterval)
            {
                PublishSummary(record);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RunSnapshot> Runs()
    {
        lock (_gate)
        {
            return [.. _runs.Values.OrderByDescending(record => record.Order).Select(record => record.Summary)];
        }
    }

    /// <inheritdoc/>
    public RunDocument? Find(string run)
    {
        lock (_gate)
        {
            return _runs.TryGetValue(run, out RunRecord? record) ? record.ToDocument() : null;
        }
    }

    /// <inheritdoc/>
    public EventSubscription Subscribe() => _hub.Subscribe();

    private RunRecord FindOrOpen(string? run)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        return _runs.TryGetValue(run, out RunRecord? record) ? record : Open(new RunDescription(run));
    }

    private RunRecord Open(RunDescription description)
    {
        _runs.Remove(description.Run);
        if (_runs.Count >= _options.Runs)
        {
            RunRecord oldest = _runs
                .Values.OrderBy(record => record.Summary.State is RunState.Running or RunState.Diverged)
                .ThenBy(record => record.Order)
                .First();
            _runs.Remove(oldest.Summary.Run);
        }

        var summary = new RunSnapshot
        {
            Run = description.Run,
            Model = Known(description.Model),
            Dataset = Known(description.Dataset),
            Optimizer = Known(description.Optimizer),
            Parameters = description.Parameters,
            Objective = Known(description.Loss),
            BatchNorm = Known(description.BatchNorm),
            Trained = Known(description.Trained),
            Autocast = Known(description.Autocast),
            State = RunState.Running,
            StartTime = description.Started ?? _clock.GetUtcNow(),
        };
        return _runs[description.Run] = new RunRecord(summary, _order++, _options);
    }

    private static string? Known(string text) => text.Length == 0 ? null : text;

    private void FlushTraining(RunRecord record)
    {
        if (record.Withheld is { } point)
        {
            record.Withheld = null;
            record.TrainingSentAt = _clock.GetTimestamp();
            _hub.Publish("training", () => JsonSerializer.Serialize(point, ReportJson.Options));
        }
    }

    private void PublishSummary(RunRecord record)
    {
        record.SummarySentAt = _clock.GetTimestamp();
        _hub.Publish("run", () => JsonSerializer.Serialize(record.Summary, ReportJson.Options));
    }
}
