using CurvatureMonitor.Curvature;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>What a job gave.</summary>
/// <param name="Measurements">One an operator.</param>
/// <param name="PreconditionedSharpness">λ1(P^-½ H P^-½) for Adam and its kin; null for other optimisers.</param>
/// <param name="PreconditionedCost">What that cost, beside the measurements; null where it was not measured.</param>
public sealed record AnalysisReport(
    IReadOnlyList<Measurement> Measurements, Estimate? PreconditionedSharpness = null, MeasurementCost? PreconditionedCost = null)
{
    /// <summary>The cost of everything in it, one after the other.</summary>
    public MeasurementCost Cost => Measurements.Aggregate(PreconditionedCost ?? MeasurementCost.None, (sum, measurement) => sum + measurement.Cost);
}
