using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// The variance of a curvature matrix over samples, over all directions and along leading eigenvectors.
/// </summary>
public static class VarianceAnalysis
{
    /// <summary>Measures the variance of one operator.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="AnalysisRefusedException">There is no spread over samples.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static VarianceMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static VarianceMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        context.RequireSpread();
        var settings = context.Settings;
        var options = new VarianceOptions
        {
            Probes = settings.ProbesFor(context.Parameters),
            Form = settings.VarianceForm,
            Seed = settings.Seed,
        };
        var (directions, spent) = context.Deflation(kind);
        context.Progress.Begin($"{kind.Label()} variance, {options.Probes} probes of every sample");
        var variance = context.Statistics.Variance(kind, options, directions, context.Cancellation);
        return variance with { Cost = variance.Cost + spent };
    }
}
