using System.Globalization;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Host.Http;

namespace CurvatureMonitor.Host.Monitoring;

/// <summary>
/// What outsiders see of a finished analysis: a point an operator, and one of the gradient, which has none.
/// </summary>
internal static class MeasurementPoints
{
    internal static IEnumerable<MeasurementPoint> Of(CheckpointMeasured measured)
    {
        foreach (var measurement in measured.Measurements)
        {
            yield return Of(measured, measurement);
        }

        if (measured.Gradient is { } gradient)
        {
            yield return Bare(measured, measured.Analysis.Label(), gradient.Cost) with
            {
                Gradient = Of(gradient, measured.Weights),
            };
        }
    }

    private static MeasurementPoint Of(CheckpointMeasured measured, Measurement measurement)
    {
        var point = Bare(measured, measurement.Analysis, measurement.Cost) with
        {
            Operator = measurement.Provenance.Operator.Label(),
        };
        return measurement switch
        {
            SpectrumMeasurement spectrum => WithEnds(point, measured, measurement, spectrum.Eigenvalues) with
            {
                Trace = spectrum.Trace.Value,
                TraceStderr = spectrum.Trace.Error,
                Density = new SpectralStems(spectrum.Density.Nodes, spectrum.Density.Weights),
                Shape = Shape(spectrum),
            },
            SharpnessMeasurement sharpness => WithEnds(point, measured, measurement, sharpness.Top),
            TraceMeasurement trace => point with
            {
                Trace = trace.Trace.Value,
                TraceStderr = trace.Trace.Error,
                Frobenius = trace.Frobenius.Value,
                FrobeniusStderr = trace.Frobenius.Error,
                LayerTraces = trace.Layers.ToDictionary(layer => layer.Layer, layer => layer.Estimate.Value),
            },
            VarianceMeasurement variance => point with { Variance = Of(variance, measured.Outlook) },
            TrackingMeasurement tracking => point with
            {
                Tracking = new TrackingPoint
                {
                    Overlaps = tracking.OverlapsByRank() is { Count: > 0 } overlaps ? overlaps : null,
                    SubspaceOverlap = tracking.SubspaceOverlap?.Value,
                    GradientAlignment = tracking.GradientAlignment?.Value,
                },
            },
            BatchSharpnessMeasurement batches => point with
            {
                BatchSharpness = new EstimatePoint
                {
                    Value = batches.Sharpness.Value,
                    Stderr = batches.Sharpness.Error,
                },
                Stability = Reading(measured),
            },
            _ => point,
        };
    }

    private static MeasurementPoint Bare(CheckpointMeasured measured, string analysis, MeasurementCost cost) =>
        new()
        {
            Run = measured.Run!,
            Step = measured.Step,
            Time = measured.Time,
            Analysis = analysis,
            Cost = new CostReading
            {
                CurvatureProducts = cost.CurvatureProducts,
                Seconds = cost.Seconds,
                PeakBytes = cost.PeakBytes,
            },
            LagSteps = measured.LagSteps,
        };

    private static MeasurementPoint WithEnds(
        MeasurementPoint point,
        CheckpointMeasured measured,
        Measurement measurement,
        IReadOnlyList<Estimate> ritzValues
    ) =>
        point with
        {
            LambdaMax = measurement.LambdaMax?.Value,
            LambdaMaxResidual = measurement.LambdaMax?.Error,
            LambdaMin = measurement.LambdaMin?.Value,
            LambdaMinResidual = measurement.LambdaMin?.Error,
            Eigenvalues = ResolvedEigenvalues.Leading(ritzValues).Select(eigenvalue => eigenvalue.Value).ToList(),
            Stability = measurement.Provenance.Operator == OperatorKind.Hessian ? Reading(measured) : null,
        };

    private static ShapePoint Shape(SpectrumMeasurement spectrum)
    {
        var shape = SpectrumShapes.Of(spectrum);
        return new ShapePoint
        {
            NegativeEigenvalues = shape.NegativeEigenvalues,
            NegativeMass = shape.NegativeMass,
            DegenerateEigenvalues = shape.DegenerateEigenvalues,
            EffectiveRank = shape.EffectiveRank,
            Outliers = shape.Outliers,
        };
    }

    private static GradientPoint Of(GradientMeasurement gradient, WeightNorms? weights) =>
        new()
        {
            L2 = gradient.Norm.Value,
            Linf = gradient.Maximum.Value,
            Variance = gradient.Variance.Value,
            VarianceStderr = gradient.Variance.Error,
            NoiseScale = gradient.NoiseScale?.Value,
            NoiseScaleStderr = gradient.NoiseScale?.Error,
            WeightNorm = weights?.Norm.Value,
        };

    private static VariancePoint Of(VarianceMeasurement variance, MiniBatchOutlook? outlook)
    {
        var top = variance.Directional.Count > 0 ? variance.Directional[0] : null;
        var kind = variance.Provenance.Operator;
        bool hessian = kind == OperatorKind.Hessian;
        return new VariancePoint
        {
            Isotropic = variance.Isotropic?.Value,
            IsotropicStderr = variance.Isotropic?.Error,
            Top = top?.Value,
            TopStderr = top?.Error,
            PredictedLambdaMax = outlook
                ?.Predictions.Where(prediction =>
                    prediction.Operator == kind && double.IsFinite(prediction.LambdaMax.Value)
                )
                .ToDictionary(
                    prediction => prediction.BatchSize.ToString(CultureInfo.InvariantCulture),
                    prediction => prediction.LambdaMax.Value
                ),
            DampingMinimum = hessian ? outlook?.MinimumDamping : null,
            LearningRateMaximum = hessian ? outlook?.LargestLearningRate : null,
        };
    }

    private static StabilityReading? Reading(CheckpointMeasured measured) =>
        measured.Stability is { } stability ? StabilityReading.Of(stability) : null;
}
