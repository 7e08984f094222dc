using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>λ_max of P^-½ A P^-½, the sharpness that Adam sees.</summary>
public static class PreconditionedSharpnessAnalysis
{
    /// <summary>The reason why it cannot be measured, on one line; null where it can.</summary>
    /// <param name="context">The checkpoint.</param>
    public static string? Obstacle(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Optimizer.AdamAt(context.Checkpoint.LearningRate) is null
                ? "no preconditioned sharpness: the training's optimiser is no Adam whose decay rates are known"
            : context.Checkpoint is { SecondMoments: not null, OptimizerStep: >= 1 } ? null
            : "no preconditioned sharpness: the checkpoint holds no second moments of Adam after a step "
                + "(optimizer.exp_avg_sq.NAME and optimizer_step, docs/bundles.md)";
    }

    /// <summary>
    /// Measures one operator, always from a cold start, so that the result depends on the checkpoint alone.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="AnalysisRefusedException">The optimiser is no Adam, or the checkpoint has no second
    /// moments.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PreconditionedSharpnessMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Obstacle(context) is { } obstacle)
        {
            throw new AnalysisRefusedException(obstacle);
        }

        context.Progress.Begin($"{kind.Label()} preconditioned sharpness");
        var checkpoint = context.Checkpoint;
        return context.Statistics.PreconditionedSharpness(
            checkpoint.SecondMoments!,
            context.Optimizer.AdamAt(checkpoint.LearningRate)!,
            checkpoint.OptimizerStep!.Value,
            kind,
            ExtremalSearches.Single(context.Settings),
            context.Cancellation
        );
    }
}
