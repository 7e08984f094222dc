using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Actors.Workers;

/// <summary>The last gate before a measurement is published: a wrong number is worse than none.</summary>
internal static class FiniteReport
{
    /// <summary>Names the first number that is not finite; null where all are.</summary>
    public static string? WhatIsNot(AnalysisReport report)
    {
        foreach (var measurement in report.Measurements)
        {
            var name = measurement.Provenance.Operator.Label();
            if (!EstimatesOf(measurement).All(IsFinite))
            {
                return measurement.Analysis is "spectrum" or "sharpness"
                    ? $"an eigenvalue of the {name}"
                    : $"the {measurement.Analysis} of the {name}";
            }
        }

        if (
            report.Gradient is { } gradient
            && !(IsFinite(gradient.Norm) && IsFinite(gradient.Variance) && IsFinite(gradient.NoiseScale))
        )
        {
            return "the gradient or its variance";
        }

        return !IsFinite(report.PreconditionedSharpness) ? "the preconditioned sharpness"
            : IsFinite(report.ScaledSharpness) ? null
            : "the scaled sharpness";
    }

    private static List<Estimate?> EstimatesOf(Measurement measurement) =>
        measurement switch
        {
            SpectrumMeasurement spectrum => [.. spectrum.Eigenvalues, spectrum.Smallest, spectrum.Trace],
            SharpnessMeasurement sharpness => [.. sharpness.Top, .. sharpness.Bottom],
            TraceMeasurement trace => [trace.Trace, trace.Frobenius, .. trace.Layers.Select(layer => layer.Estimate)],
            ModulesMeasurement modules =>
            [
                .. modules.Modules.SelectMany(module => new[] { module.LambdaMax, module.Trace }),
            ],
            VarianceMeasurement variance => [variance.Isotropic, .. variance.Directional],
            TrackingMeasurement tracking =>
            [
                .. tracking.Curvature,
                tracking.SubspaceOverlap,
                tracking.GradientAlignment,
            ],
            BatchSharpnessMeasurement batches => [batches.Sharpness],
            _ => [measurement.LambdaMax, measurement.LambdaMin],
        };

    private static bool IsFinite(Estimate? estimate) =>
        estimate is null || (double.IsFinite(estimate.Value) && double.IsFinite(estimate.Error));
}
