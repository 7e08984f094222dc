using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Trace, Frobenius norm and layer traces: column by column where P is small, else by random probes.</summary>
public static class TraceAnalysis
{
    /// <summary>
    /// Measures the traces of one operator. Its leading eigenvectors are left out of what random probes average over
    /// and counted exactly.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TraceMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static TraceMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        var (result, cost) = context.Traces(kind);
        return new TraceStatistics(context.Linearization, context.Time).Measurement(
            kind,
            context.Settings.Seed,
            result,
            cost
        );
    }
}
