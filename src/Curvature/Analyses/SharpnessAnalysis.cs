using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>λ_max and λ_min to a tolerance.</summary>
public static class SharpnessAnalysis
{
    /// <summary>
    /// Measures the ends of one operator's spectrum, from a seeded random vector or, where the settings allow it, from
    /// the vectors of the checkpoint before.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SharpnessMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static SharpnessMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        context.Progress.Begin($"{kind.Label()} sharpness");
        var options = ExtremalSearches.Options(context, 1, 1, context.Settings.Tolerance) with
        {
            SearchComplement = false,
        };
        if (context.Settings.ColdStart)
        {
            return Search(null);
        }

        var warmStart = context.Memory.WarmStart(kind);
        try
        {
            return Search(warmStart);
        }
        catch
        {
            warmStart.Forget();
            throw;
        }

        SharpnessMeasurement Search(WarmStart? warm) =>
            context.Analyzer.Sharpness(kind, options, warm, context.Progress, context.Cancellation);
    }
}
