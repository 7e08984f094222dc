using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Analyses;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>The report of one job: the analysis of every operator, with everything that belongs beside it.</summary>
internal static class CheckpointReports
{
    /// <summary>Measures.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="analysis">The analysis.</param>
    internal static AnalysisReport Of(AnalysisContext context, AnalysisKind analysis) =>
        analysis switch
        {
            AnalysisKind.Gradient => new AnalysisReport([])
            {
                Gradient = GradientAnalysis.Measure(context),
                Weights = GradientAnalysis.Weights(context),
            },
            AnalysisKind.Weights => new AnalysisReport([]) { Weights = GradientAnalysis.Weights(context) },
            AnalysisKind.Variance => Variances(context),
            AnalysisKind.Tracking => Compared(Each(context, analysis)),

            // Metrics and page have one batch sharpness, that of the definition.
            AnalysisKind.BatchSharpness => new AnalysisReport([
                OperatorAnalyses.Measure(context, analysis, OperatorKind.Hessian),
            ]),
            AnalysisKind.Spectrum or AnalysisKind.Sharpness => WithPreconditioned(context, Each(context, analysis)),
            _ => new AnalysisReport(Each(context, analysis)),
        };

    private static IReadOnlyList<Measurement> Each(AnalysisContext context, AnalysisKind analysis) =>
        context.PerOperator(kind => OperatorAnalyses.Measure(context, analysis, kind));

    // Of a cluster, each worker compares with the checkpoint that it tracked last itself: that need not be the one
    // before.
    private static AnalysisReport Compared(IReadOnlyList<Measurement> measurements)
    {
        var steps = measurements
            .Cast<TrackingMeasurement>()
            .Select(tracked => tracked.ComparedWith)
            .Distinct()
            .ToList();
        return new AnalysisReport(measurements) { ComparedWith = steps.Count == 1 ? steps[0] : null };
    }

    private static AnalysisReport Variances(AnalysisContext context)
    {
        var measured = context.PerOperator(kind => Variance(context, kind));
        return new AnalysisReport([.. measured.Select(pair => pair.Variance)])
        {
            Outlook = new MiniBatchOutlook(
                [.. measured.SelectMany(pair => pair.Outlook.Predictions)],
                measured.Select(pair => pair.Outlook.MinimumDamping).FirstOrDefault(damping => damping is not null),
                measured.Select(pair => pair.Outlook.LargestLearningRate).FirstOrDefault(rate => rate is not null)
            ),
        };
    }

    private static (Measurement Variance, MiniBatchOutlook Outlook) Variance(AnalysisContext context, OperatorKind kind)
    {
        var variance = VarianceAnalysis.Measure(context, kind);
        return (variance, BatchTheory.Outlook(context, kind, variance.Isotropic!));
    }

    private static AnalysisReport WithPreconditioned(AnalysisContext context, IReadOnlyList<Measurement> measurements)
    {
        const OperatorKind hessian = OperatorKind.Hessian;
        if (!context.Settings.Operators.Contains(hessian))
        {
            return new AnalysisReport(measurements);
        }

        var preconditioned =
            PreconditionedSharpnessAnalysis.Obstacle(context) is null
                ? PreconditionedSharpnessAnalysis.Measure(context, hessian)
                : null;
        var scaled =
            ScaledSharpnessAnalysis.Obstacle(context) is null
                ? ScaledSharpnessAnalysis.Measure(context, hessian)
                : null;
        return new AnalysisReport(
            measurements,
            preconditioned?.Sharpness,
            preconditioned is null && scaled is null
                ? null
                : (preconditioned?.Cost ?? MeasurementCost.None) + (scaled?.Cost ?? MeasurementCost.None)
        )
        {
            ScaledSharpness = scaled?.Sharpness,
        };
    }
}
