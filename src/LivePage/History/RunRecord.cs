using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.History;

/// <summary>
/// Everything remembered of one run. Guarded by the lock of the <see cref="RunHistory"/> that owns it.
/// </summary>
internal sealed class RunRecord
{
    private readonly RunHistoryOptions _options;
    private readonly ThinnedSeries<TrainingPoint> _training;
    private readonly Dictionary<(string Analysis, string? Operator), ThinnedSeries<MeasurementPoint>> _measurements =
    [];
    private readonly Queue<RunEvent> _events = [];

    public RunRecord(RunSnapshot summary, long order, RunHistoryOptions options)
    {
        Summary = summary;
        Order = order;
        _options = options;
        _training = new ThinnedSeries<TrainingPoint>(options.TrainingPoints);
    }

    /// <summary>The run at one glance.</summary>
    public RunSnapshot Summary { get; set; }

    /// <summary>Rises with every run that starts.</summary>
    public long Order { get; }

    /// <summary>Newest point that was not sent to listeners, for they were sent one just before.</summary>
    public TrainingPoint? Withheld { get; set; }

    /// <summary>When a training point was last sent to listeners.</summary>
    public long? TrainingSentAt { get; set; }

    /// <summary>When the summary was last sent to listeners.</summary>
    public long? SummarySentAt { get; set; }

    /// <summary>Adds a point.</summary>
    /// <returns>It, on its branch.</returns>
    public TrainingPoint Add(TrainingPoint point)
    {
        point = point with { Branch = Summary.Branch, BranchStep = Summary.BranchStep };
        _training.Add(point with { Run = null });
        Summary = Summary with
        {
            Step = point.Step,
            Loss = point.Loss,
            LearningRate = point.LearningRate,
            Accuracy = Finite.OrNull(point.Accuracy) ?? Summary.Accuracy,
            BatchSize = point.BatchSize ?? Summary.BatchSize,
            Optimizer = point.Optimizer ?? Summary.Optimizer,
        };
        return point;
    }

    /// <summary>Adds a measurement.</summary>
    /// <returns>It, on its branch.</returns>
    public MeasurementPoint Add(MeasurementPoint measurement)
    {
        measurement = measurement with { Branch = Summary.Branch, BranchStep = Summary.BranchStep };
        var key = (measurement.Analysis, measurement.Operator);
        if (!_measurements.TryGetValue(key, out ThinnedSeries<MeasurementPoint>? series))
        {
            _measurements[key] = series = new ThinnedSeries<MeasurementPoint>(_options.Measurements);
        }

        series.Add(measurement);
        // The ratio at one glance is that of the optimiser's full-batch limit; other kinds stand in the measurements.
        // One that cannot be told at this checkpoint does not stand on from an earlier one.
        if (measurement.Operator == "hessian" && Finite.OrNull(measurement.LambdaMax) is { } sharpness)
        {
            bool told = Summary.DivergedSince is null && measurement.Stability is { Kind: "full" };
            var full = told ? measurement.Stability : null;
            Summary = Summary with
            {
                LambdaMax = sharpness,
                StabilityLimit = Finite.OrNull(full?.Limit),
                StabilityRatio = full?.Ratio,
            };
        }

        return measurement;
    }

    public void Add(RunEvent runEvent)
    {
        _events.Enqueue(runEvent with { Run = null });
        while (_events.Count > _options.Events)
        {
            _events.Dequeue();
        }
    }

    public RunDocument ToDocument() =>
        new(
            Summary,
            _training.ToArray(),
            [.. _measurements.Values.SelectMany(series => series.ToArray()).OrderBy(measurement => measurement.Time)],
            [.. _events]
        );
}
