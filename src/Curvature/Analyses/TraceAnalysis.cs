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
        if (context.ExactTraces(kind) is var (exact, cost))
        {
            return new TraceMeasurement(
                exact.Trace,
                exact.Frobenius,
                exact.Layers,
                exact.Deflated,
                exact.Exact,
                Provenance.Of(context.Linearization, kind, 0, exact.Probes, context.Settings.Seed),
                cost
            );
        }

        var probes = context.Settings.ProbesFor(context.Parameters);
        var (deflation, spent) = context.Deflation(kind);
        context.Progress.Begin($"{kind.Label()} trace, {probes} probes");
        var options = new TraceOptions { Probes = probes, Seed = context.Settings.Seed };
        var trace = context.Statistics.Trace(kind, options, deflation, context.Cancellation);
        return trace with { Cost = trace.Cost + spent };
    }
}
