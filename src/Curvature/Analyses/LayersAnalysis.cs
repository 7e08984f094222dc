using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>λ_max of every layer's diagonal block.</summary>
public static class LayersAnalysis
{
    /// <summary>Measures the blocks of one operator.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LayerSharpnessMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static LayerSharpnessMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        var layers = context.Linearization.Objective.Parameters.Count;
        context.Progress.Begin($"{kind.Label()} sharpness of {layers} layers");
        var measured = context.Statistics.LayerSharpness(
            kind,
            ExtremalSearches.Single(context.Settings),
            context.Cancellation
        );
        if (!measured.Converged)
        {
            context.Progress.Note($"{kind.Label()}: the sharpness of a layer did not converge; raise --lanczos-steps");
        }

        return measured;
    }
}
