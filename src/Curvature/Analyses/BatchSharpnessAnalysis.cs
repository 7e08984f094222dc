using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>E_B[gᵀA_B g/‖g‖²], the curvature that a training batch sees along its own gradient.</summary>
public static class BatchSharpnessAnalysis
{
    /// <summary>The batch sizes that are measured: those of the settings, or the training's own.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <exception cref="AnalysisRefusedException">There is none, or one is larger than the probe set.</exception>
    public static IReadOnlyList<int> Sizes(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var samples = context.Linearization.SampleCount;
        IReadOnlyList<long> sizes = context.Settings.BatchSizes is { } asked
            ? [.. asked.Select(size => (long)size)]
            : [context.Optimizer.BatchSize ?? long.MaxValue];
        return sizes.All(size => size <= samples)
            ? [.. sizes.Select(size => (int)size)]
            : throw new AnalysisRefusedException(
                $"no batch sharpness: it draws batches as the training does ("
                    + $"{context.Optimizer.BatchSize?.ToString() ?? "of unknown size"}) from {samples} samples; give a "
                    + $"larger probe set"
            );
    }

    /// <summary>Measures one operator on batches of one size.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <param name="size">B.</param>
    /// <exception cref="CurvatureException">A batch has a zero gradient, or one that is not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BatchSharpnessMeasurement Measure(AnalysisContext context, OperatorKind kind, int size)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind, size), RoundingBars.Widen);
    }

    private static BatchSharpnessMeasurement Find(AnalysisContext context, OperatorKind kind, int size)
    {
        context.Progress.Begin($"{kind.Label()} batch sharpness, batches of {size}");
        var options = new BatchSharpnessOptions(size)
        {
            Batches = context.Settings.SharpnessBatches,
            Seed = context.Settings.Seed,
        };
        return context.Statistics.BatchSharpness(options, kind, context.Cancellation);
    }
}
