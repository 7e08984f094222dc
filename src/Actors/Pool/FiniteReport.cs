using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Operators;

namespace CurvatureMonitor.Actors.Pool;

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
                return $"an eigenvalue of the {name}";
            }
        }

        return IsFinite(report.PreconditionedSharpness) ? null : "the preconditioned sharpness";
    }

    private static List<Estimate?> EstimatesOf(Measurement measurement) => measurement switch
    {
        SpectrumMeasurement spectrum => [.. spectrum.Eigenvalues, spectrum.Smallest, spectrum.Trace],
        SharpnessMeasurement sharpness => [.. sharpness.Top, .. sharpness.Bottom],
        _ => [measurement.LambdaMax, measurement.LambdaMin],
    };

    private static bool IsFinite(Estimate? estimate) => estimate is null || (double.IsFinite(estimate.Value) && double.IsFinite(estimate.Error));
}
