using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>The k largest and k smallest eigenvalues to a tolerance, repeated ones as often as they are.</summary>
public static class EigenpairsAnalysis
{
    /// <summary>Measures both ends of one operator's spectrum by thick-restart Lanczos.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="CurvatureException">There is no room for the vectors, or a product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static EigenpairsMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static EigenpairsMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        var settings = context.Settings;
        var (largest, smallest) = (settings.LargestEigenpairs, settings.SmallestEigenpairs);
        context.Progress.Begin($"{kind.Label()} eigenpairs, {largest} largest and {smallest} smallest");
        var options = ExtremalSearches.Options(context, largest, smallest, settings.EigenpairTolerance);
        var ends = context.Analyzer.Sharpness(kind, options, warm: null, context.Progress, context.Cancellation);
        return new EigenpairsMeasurement(
            ends.Top,
            ends.Bottom,
            settings.EigenpairTolerance,
            ends.Converged,
            options.MaximumVectors!.Value,
            ends.Provenance,
            ends.Cost
        );
    }
}
