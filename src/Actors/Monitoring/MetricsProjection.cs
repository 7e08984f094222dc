using CurvatureMonitor.Actors.Events;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Monitoring;

/// <summary>What each event means for the metrics.</summary>
internal sealed class MetricsProjection(CurvatureMetrics metrics)
{
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);

    public void Apply(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case RunStarted started:
                Start(started.Description);
                break;
            case ActorRestarted restarted:
                metrics.ActorRestarted(restarted.Actor);
                break;
            case { Run: { } name } when _runs.TryGetValue(name, out var run):
                using (run.Metrics.BeginUpdate())
                {
                    Apply(monitorEvent, run);
                }

                break;
            default:
                break;
        }
    }

    private void Start(RunDescription description)
    {
        var labels = new Metrics.RunDescription(description.Run, description.Model, description.Optimizer, description.Dataset, description.Revision)
        {
            Analyses = [.. description.Analyses.Select(kind => kind.Label())],
            Operators = description.Operators,
            Started = description.Started,
        };
        _runs[description.Run] = new Run(metrics.StartRun(labels), description.Momentum);
    }

    private void Apply(MonitorEvent monitorEvent, Run run)
    {
        switch (monitorEvent)
        {
            case TrainingProgressed progress:
                var step = progress.Step;
                run.Metrics.ReportTraining(new TrainingSample(step.Step, step.Loss, step.LearningRate, run.Momentum, step.BatchSamples));
                if (progress.Evaluation is { Accuracy: { } accuracy })
                {
                    run.Metrics.ReportAccuracy(accuracy);
                }

                break;
            case TrainingReported reported:
                run.Metrics.ReportTraining(new TrainingSample(reported.Step, reported.Loss, reported.LearningRate, run.Momentum, reported.BatchSize));
                break;
            case CheckpointTaken taken:
                run.Metrics.CheckpointEmitted(taken.Time);
                break;
            case CheckpointDropped dropped:
                run.Metrics.CheckpointDropped(dropped.Reason);
                break;
            case CheckpointMeasured measured:
                Measured(measured, run.Metrics);
                break;
            case AnalysisFailed failed:
                var outcome = failed.Reason == JobFailureReason.Cancelled ? JobOutcome.Cancelled : JobOutcome.Failed;
                run.Metrics.JobEnded(failed.Analysis.Label(), outcome, TimeSpan.FromSeconds(failed.Seconds));
                run.Metrics.ReportOverhead(failed.OverheadShare);
                break;
            case RunEnded ended:
                End(ended, run.Metrics);
                break;
            default:
                break;
        }
    }

    private static void Measured(CheckpointMeasured measured, RunMetrics run)
    {
        run.JobEnded(measured.Analysis.Label(), JobOutcome.Ok, TimeSpan.FromSeconds(measured.Cost.Seconds));
        run.ReportOverhead(measured.OverheadShare);
        foreach (var measurement in measured.Measurements)
        {
            run.ProductsApplied(measurement.Provenance.Operator.Label(), measurement.Cost.CurvatureProducts);
            run.ReportOperator(Sample(measured, measurement));
        }

        // What the measurements do not explain was spent on the preconditioned Hessian.
        run.ProductsApplied(OperatorKind.Hessian.Label(), measured.Cost.CurvatureProducts - measured.Measurements.Sum(m => m.Cost.CurvatureProducts));
        foreach (var limit in measured.Limits)
        {
            var ratio = measured.Stability?.Limit.Kind == limit.Kind ? measured.Stability : null;
            run.ReportStability(new StabilitySample(limit.Kind.Label(), limit.Value, ratio?.Ratio, ratio?.Low, ratio?.High));
        }
    }

    private static OperatorSample Sample(CheckpointMeasured measured, Measurement measurement)
    {
        var spectrum = measurement as SpectrumMeasurement;
        var density = spectrum?.Density;
        return new OperatorSample(measurement.Provenance.Operator.Label(), measured.Step)
        {
            Time = measured.Time,
            LambdaMax = measurement.LambdaMax?.Value,
            LambdaMaxResidual = measurement.LambdaMax?.Error,
            LambdaMin = measurement.LambdaMin?.Value,
            LambdaMinResidual = measurement.LambdaMin?.Error,
            Eigenvalues = [.. ResolvedEigenvalues.Leading((measurement as SharpnessMeasurement)?.Top ?? spectrum?.Eigenvalues ?? []).Select(estimate => estimate.Value)],
            Spectrum = density is null ? null : new SpectralCounts(density.Nodes, density.Weights, density.Dimension, spectrum!.Trace.Value),
        };
    }

    private void End(RunEnded ended, RunMetrics run)
    {
        if (ended.Summary.OverheadShare is { } share)
        {
            run.ReportOverhead(share);
        }

        run.SetState(ended.Summary.Outcome is RunOutcome.Finished or RunOutcome.Stopped ? RunState.Finished : RunState.Failed, ended.Time);
        _runs.Remove(ended.Summary.Run);
    }

    private sealed record Run(RunMetrics Metrics, double? Momentum);
}
