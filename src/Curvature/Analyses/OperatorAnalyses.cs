using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>The analyses that give one measurement of one operator, by their kind.</summary>
public static class OperatorAnalyses
{
    /// <summary>Makes one analysis of one operator.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="analysis">Which analysis.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="AnalysisRefusedException">The analysis makes no sense here, or is no measurement of one
    /// operator.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Measurement Measure(AnalysisContext context, AnalysisKind analysis, OperatorKind kind) =>
        analysis switch
        {
            AnalysisKind.Spectrum => SpectrumAnalysis.Measure(context, kind),
            AnalysisKind.Sharpness => SharpnessAnalysis.Measure(context, kind),
            AnalysisKind.Trace => TraceAnalysis.Measure(context, kind),
            AnalysisKind.Variance => VarianceAnalysis.Measure(context, kind),
            AnalysisKind.Tracking => TrackingAnalysis.Measure(context, kind),
            AnalysisKind.BatchSharpness => BatchSharpnessAnalysis.Measure(
                context,
                kind,
                BatchSharpnessAnalysis.Sizes(context)[0]
            ),
            AnalysisKind.PreconditionedSharpness => PreconditionedSharpnessAnalysis.Measure(context, kind),
            AnalysisKind.Eigenpairs => EigenpairsAnalysis.Measure(context, kind),
            AnalysisKind.Layers => LayersAnalysis.Measure(context, kind),
            AnalysisKind.Modules => ModulesAnalysis.Measure(context, kind),
            AnalysisKind.Deflated => DeflatedAnalysis.Measure(context, kind),
            _ => throw new AnalysisRefusedException($"{analysis.Label()} is no measurement of one operator"),
        };
}
