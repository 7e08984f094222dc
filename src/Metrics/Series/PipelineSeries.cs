using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Series;

/// <summary>The way of a run's checkpoints to measurements, and its cost.</summary>
internal sealed class PipelineSeries
{
    private readonly RunSeries _run;
    private readonly Gauge _checkpointTimestamp;
    private readonly Counter _emitted;
    private readonly Dictionary<DropReason, Counter> _dropped;
    private readonly Gauge _overhead;
    private readonly Dictionary<string, AnalysisSeries> _analyses = new(StringComparer.Ordinal);

    public PipelineSeries(RunSeries run)
    {
        _run = run;
        var families = run.Families.Pipeline;
        _checkpointTimestamp = run.Add(families.CheckpointTimestamp);
        _emitted = run.Add(families.Emitted);
        _dropped = Enum.GetValues<DropReason>()
            .ToDictionary(reason => reason, reason => run.Add(families.Dropped, KnownLabels.Text(reason)));
        _overhead = run.Add(families.Overhead);

        // Counters begin at 0.
        foreach (var analysis in run.Description.Analyses)
        {
            Analysis(analysis.Label());
        }
        foreach (var name in run.Description.Operators)
        {
            run.Add(families.Products, name);
        }
    }

    public void Emitted(DateTimeOffset time)
    {
        _emitted.Increment();
        _checkpointTimestamp.Set(UnixTime.Seconds(time));
    }

    public void Dropped(DropReason reason) => _dropped[reason].Increment();

    public void Measured(CheckpointMeasured measured)
    {
        JobEnded(measured.Analysis.Label(), JobOutcome.Ok, TimeSpan.FromSeconds(measured.Cost.Seconds));
        _overhead.Set(measured.OverheadShare);
        foreach (var measurement in measured.Measurements)
        {
            AddProducts(measurement.Provenance.Operator, measurement.Cost.CurvatureProducts);
        }

        // What the measurements do not explain was spent on the preconditioned Hessian.
        AddProducts(
            OperatorKind.Hessian,
            measured.Cost.CurvatureProducts - measured.Measurements.Sum(m => m.Cost.CurvatureProducts)
        );
    }

    public void Failed(AnalysisFailed failed)
    {
        var analysis = failed.Analysis.Label();
        var outcome = failed.Reason switch
        {
            JobFailureReason.Cancelled => JobOutcome.Cancelled,
            JobFailureReason.TimedOut => JobOutcome.Timeout,
            _ => JobOutcome.Failed,
        };
        JobEnded(analysis, outcome, TimeSpan.FromSeconds(failed.Seconds));
        Analysis(analysis).Fail(failed.Reason);
        _overhead.Set(failed.OverheadShare);
    }

    public void Ended(RunSummary summary)
    {
        if (summary.OverheadShare is { } share)
        {
            _overhead.Set(share);
        }
    }

    public void JobEnded(string analysis, JobOutcome outcome, TimeSpan? duration) =>
        Analysis(analysis).End(outcome, duration);

    private void AddProducts(OperatorKind kind, long products) =>
        _run.Add(_run.Families.Pipeline.Products, kind.Label()).Increment(products);

    private AnalysisSeries Analysis(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_analyses.TryGetValue(name, out var series))
        {
            _analyses.Add(name, series = new AnalysisSeries(_run, name));
        }
        return series;
    }
}
