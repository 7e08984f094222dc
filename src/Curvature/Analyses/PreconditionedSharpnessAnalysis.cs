using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>λ_max of P^-½ A P^-½, the sharpness that Adam and other adaptive optimisers see.</summary>
public static class PreconditionedSharpnessAnalysis
{
    /// <summary>The reason why it cannot be measured, on one line; null where it can.</summary>
    /// <param name="context">The checkpoint.</param>
    public static string? Obstacle(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (optimizer, checkpoint) = (context.Optimizer, context.Checkpoint);
        return !optimizer.IsAdaptive
                ? "no preconditioned sharpness: the training's optimiser is not one that divides its steps"
            : checkpoint is not { SecondMoments: not null, OptimizerStep: >= 1 and var step }
                ? "no preconditioned sharpness: the checkpoint holds no second moments of the optimiser after a step "
                    + "(optimizer.exp_avg_sq.NAME and optimizer_step, docs/bundles.md)"
            : optimizer.PreconditionerAt(step) is not null ? null
            : $"no preconditioned sharpness: {optimizer.Obstacle ?? $"{optimizer.Name} does not divide this step"}";
    }

    /// <summary>
    /// Measures one operator, always from a cold start, so that the result depends on the checkpoint alone.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="AnalysisRefusedException">The optimiser does not divide its steps, or the checkpoint
    /// has no second moments.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PreconditionedSharpnessMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static PreconditionedSharpnessMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        if (Obstacle(context) is { } obstacle)
        {
            throw new AnalysisRefusedException(obstacle);
        }

        context.Progress.Begin($"{kind.Label()} preconditioned sharpness");
        var checkpoint = context.Checkpoint;
        return context.Statistics.PreconditionedSharpness(
            checkpoint.SecondMoments!,
            context.Optimizer.At(context.LearningRate ?? 0)!,
            checkpoint.OptimizerStep!.Value,
            kind,
            ExtremalSearches.Single(context.Settings),
            context.Cancellation
        );
    }
}
