using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>What a finished analysis means for the metrics of its run.</summary>
internal sealed class MeasurementProjection(RunMetrics run, RunDescription description)
{
    public void Apply(CheckpointMeasured measured)
    {
        run.JobEnded(measured.Analysis.Label(), JobOutcome.Ok, TimeSpan.FromSeconds(measured.Cost.Seconds));
        run.ReportOverhead(measured.OverheadShare);
        run.ReportAnalysis(measured.Analysis.Label(), measured.Step, measured.Time);
        foreach (var measurement in measured.Measurements)
        {
            run.ProductsApplied(measurement.Provenance.Operator.Label(), measurement.Cost.CurvatureProducts);
            Report(measured, measurement);
        }

        // What the measurements do not explain was spent on the preconditioned Hessian.
        run.ProductsApplied(
            OperatorKind.Hessian.Label(),
            measured.Cost.CurvatureProducts - measured.Measurements.Sum(m => m.Cost.CurvatureProducts)
        );
        if (measured.Gradient is not null || measured.Weights is not null)
        {
            run.ReportGradient(Gradient(measured));
        }

        if (measured.Outlook is { } outlook)
        {
            run.ReportAdvice(outlook.MinimumDamping, outlook.LargestLearningRate);
        }

        ReportStability(measured);
    }

    private static GradientSample Gradient(CheckpointMeasured measured) =>
        new()
        {
            Norm = measured.Gradient?.Norm.Value,
            Variance = measured.Gradient?.Variance.Value,
            VarianceError = measured.Gradient?.Variance.Error,
            NoiseScale = measured.Gradient?.NoiseScale?.Value,
            NoiseScaleError = measured.Gradient?.NoiseScale?.Error,
            WeightNorm = measured.Weights?.Norm.Value,
        };

    private void Report(CheckpointMeasured measured, Measurement measurement)
    {
        string name = measurement.Provenance.Operator.Label();
        switch (measurement)
        {
            case SpectrumMeasurement spectrum:
                run.ReportOperator(
                    Sample(measured, measurement) with
                    {
                        Eigenvalues = Ranks(spectrum.Eigenvalues),
                        Spectrum = new SpectralCounts(
                            spectrum.Density.Nodes,
                            spectrum.Density.Weights,
                            spectrum.Density.Dimension,
                            spectrum.Trace.Value
                        ),
                        Shape = SpectrumShapes.Of(spectrum),
                    }
                );
                if (!description.Analyses.Contains(AnalysisKind.Trace))
                {
                    run.ReportTrace(new TraceSample(name, spectrum.Trace.Value, spectrum.Trace.Error));
                }

                break;
            case SharpnessMeasurement sharpness:
                // The ranks belong to one checkpoint: to that of the spectrum, which has more of them, where the run
                // has spectra.
                run.ReportOperator(
                    Sample(measured, measurement) with
                    {
                        Eigenvalues = description.Analyses.Contains(AnalysisKind.Spectrum)
                            ? null
                            : Ranks(sharpness.Top),
                    }
                );
                break;
            case TraceMeasurement trace:
                run.ReportTrace(
                    new TraceSample(name, trace.Trace.Value, trace.Trace.Error)
                    {
                        Frobenius = trace.Frobenius.Value,
                        FrobeniusError = trace.Frobenius.Error,
                        Layers = [.. trace.Layers.Select(layer => (layer.Layer, layer.Estimate.Value))],
                    }
                );
                break;
            case VarianceMeasurement variance:
                run.ReportVariance(Sample(name, variance, measured.Outlook));
                break;
            case TrackingMeasurement tracking:
                run.ReportTracking(
                    new TrackingSample(name)
                    {
                        Overlaps = tracking.OverlapsByRank(),
                        SubspaceOverlap = tracking.SubspaceOverlap?.Value,
                        GradientAlignment = tracking.GradientAlignment?.Value,
                    }
                );
                break;
            case BatchSharpnessMeasurement batches:
                run.ReportBatchSharpness(batches.Sharpness.Value, batches.Sharpness.Error);
                break;
        }
    }

    private static IReadOnlyList<double> Ranks(IReadOnlyList<Estimate> ritzValues) =>
        [.. ResolvedEigenvalues.Leading(ritzValues).Select(estimate => estimate.Value)];

    private static OperatorSample Sample(CheckpointMeasured measured, Measurement measurement) =>
        new(measurement.Provenance.Operator.Label(), measured.Step)
        {
            Time = measured.Time,
            LambdaMax = measurement.LambdaMax?.Value,
            LambdaMaxResidual = measurement.LambdaMax?.Error,
            LambdaMin = measurement.LambdaMin?.Value,
            LambdaMinResidual = measurement.LambdaMin?.Error,
        };

    private static VarianceSample Sample(string name, VarianceMeasurement variance, MiniBatchOutlook? outlook) =>
        new(name)
        {
            Isotropic = variance.Isotropic?.Value,
            IsotropicError = variance.Isotropic?.Error,
            Top = variance.Directional.Count > 0 ? variance.Directional[0].Value : null,
            TopError = variance.Directional.Count > 0 ? variance.Directional[0].Error : null,
            Predicted =
            [
                .. (outlook?.Predictions ?? [])
                    .Where(p => p.Operator == variance.Provenance.Operator)
                    .Select(p => (p.BatchSize, p.LambdaMax.Value)),
            ],
        };

    // A limit is that of one checkpoint: an analysis that measures no sharpness of its kind leaves limit and ratio as
    // they were.
    private void ReportStability(CheckpointMeasured measured)
    {
        bool batches = measured.Analysis == AnalysisKind.BatchSharpness;
        if (!batches && measured.Analysis is not (AnalysisKind.Spectrum or AnalysisKind.Sharpness))
        {
            return;
        }

        bool measuresBatches = description.Analyses.Contains(AnalysisKind.BatchSharpness);
        foreach (
            var limit in measured.Limits.Where(limit =>
                limit.Kind == StabilityKind.Batch ? batches || !measuresBatches : !batches
            )
        )
        {
            var ratio = measured.Stability?.Limit.Kind == limit.Kind ? measured.Stability : null;
            run.ReportStability(
                new StabilitySample(limit.Kind.Label(), limit.Value, ratio?.Ratio, ratio?.Low, ratio?.High)
            );
        }
    }
}
