using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

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
                Gradient = GradientReading.Live(gradient, measured.Weights),
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
                Density = new DiscreteDensity(spectrum.Density.Nodes, spectrum.Density.Weights),
                Shape = ShapePoint.Of(spectrum),
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
            ModulesMeasurement modules => point with
            {
                Modules = ModuleReading.Of(modules),
                ModulesLeftOut = ModuleReading.LeftOut(modules),
            },
            VarianceMeasurement variance => point with { Variance = VariancePoint.Of(variance, measured.Outlook) },
            TrackingMeasurement tracking => point with { Tracking = TrackingPoint.Of(tracking) },
            BatchSharpnessMeasurement batches => point with
            {
                BatchSharpness = BatchSharpnessReading.Of(batches) with { Batches = null },
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
            Cost = cost,
            LagSteps = measured.LagSteps,
            Difference = measured.Difference,
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
            NoLimit = measurement.Provenance.Operator == OperatorKind.Hessian ? measured.NoLimit : null,
        };

    private static StabilityReading? Reading(CheckpointMeasured measured) =>
        measured.Stability is { } stability ? StabilityReading.Of(stability) : null;
}
